import { digits } from './chart.js';
import { nearby } from './markers.js';

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const safe = text => String(text).replace(/[&<>"]/g, character => escapes[character]);
const longest = 12;

/** What the tooltip says at one x: the value of each line with its unit, and what happened about then. */
export function describe(spec, rows) {
  const lines = rows.filter(row => row.seriesIndex < spec.lines.length);
  if (!lines.length) return '';
  const at = lines[0].axisValue;
  const head = spec.across.time
    ? new Date(at).toLocaleString([], { weekday: 'short', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: spec.across.to - spec.across.from < 2 * 3600e3 ? '2-digit' : undefined })
    : `${safe(spec.across.name)} ${at}`;
  const cells = lines.slice(0, longest).map(row => {
    const unit = (spec.lines[row.seriesIndex].right ? spec.right : spec.left).unit;
    return `<tr><td style="padding-right:14px">${row.marker}${safe(row.seriesName)}</td><td style="text-align:right;font-variant-numeric:tabular-nums"><b>${digits(row.value[1])}</b> ${safe(unit)}</td></tr>`;
  });
  const events = nearby(spec, at).map(marker => `<div style="margin-top:3px">${new Date(marker.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })} ${safe(marker.text)}</div>`);
  return `${head}<table style="margin-top:4px;border-spacing:0 2px">${cells.join('')}</table>${events.join('')}`;
}
