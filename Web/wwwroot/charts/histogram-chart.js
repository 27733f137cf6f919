import { chooseAt, createChart, digits, font, token, tooltip } from './chart.js';

/**
 * Two distributions on the same bins: the baseline filled, the current window as a line over it. A click chooses a bin.
 * @param listener .NET component to call with Choose(bin), or null
 * @returns a handle with show(spec) and dispose(); spec is HistogramChart.razor's HistogramSpec.
 */
export function create(element, listener) {
  let spec = null;
  const draw = next => optionOf(spec = next);
  return createChart(element, draw, null, chart => listener && chooseAt(chart, at => binAt(chart, spec, at), bin => listener.invokeMethodAsync('Choose', bin)));
}

function binAt(chart, spec, at) {
  if (!spec || !chart.containPixel('grid', at)) return -1;
  const [x] = chart.convertFromPixel('grid', at);
  const after = spec.edges.findIndex(edge => x < edge);
  return after === 0 ? 0 : after < 0 ? spec.edges.length - 2 : after - 1;
}

function optionOf(spec) {
  const text = { color: token('ink-muted'), fontFamily: font(), fontSize: 11 };
  const { edges } = spec;
  return {
    animation: false,
    textStyle: text,
    grid: { left: 10, right: 18, top: 46, bottom: 28, containLabel: true },
    legend: { top: 2, left: 6, itemWidth: 18, itemGap: 18, textStyle: text, selectedMode: false },
    tooltip: { ...tooltip(), trigger: 'axis', axisPointer: { type: 'line', lineStyle: { color: token('ink-muted'), type: 'solid', width: 1 } }, formatter: rows => describe(spec, rows) },
    xAxis: {
      type: spec.log ? 'log' : 'value', min: edges[0], max: edges.at(-1), name: spec.across, nameLocation: 'middle', nameGap: 26, nameTextStyle: text,
      axisLine: { lineStyle: { color: token('line') } }, axisTick: { lineStyle: { color: token('line') } }, splitLine: { show: false },
      axisLabel: { ...text, hideOverlap: true, formatter: value => Number(value.toPrecision(3)).toLocaleString('en-US') },
    },
    yAxis: {
      type: 'value', min: 0, name: spec.up, nameGap: 12, nameTextStyle: { ...text, align: 'left' }, splitNumber: 4,
      axisLabel: { ...text, formatter: value => Number(value.toPrecision(4)).toLocaleString('en-US') }, splitLine: { lineStyle: { color: token('line'), opacity: 0.7 } },
    },
    series: [
      { ...steps('Baseline', edges, spec.baseline, 'ink-muted'), areaStyle: { color: token('ink-muted'), opacity: 0.22 }, lineStyle: { width: 0 }, ...chosen(spec) },
      { ...steps('Now', edges, spec.current, 'accent'), lineStyle: { color: token('accent'), width: 2 } },
    ],
  };
}

const steps = (name, edges, shares, color) => ({
  type: 'line', name, step: 'end', symbol: 'none', color: token(color), z: color === 'accent' ? 3 : 2,
  data: edges.map((edge, index) => [edge, 100 * shares[Math.min(index, shares.length - 1)]]),
});

const chosen = spec => (spec.chosen === null || spec.chosen === undefined ? {} : {
  markArea: { silent: true, itemStyle: { color: token('warn'), opacity: 0.18 }, data: [[{ xAxis: spec.edges[spec.chosen] }, { xAxis: spec.edges[spec.chosen + 1] }]] },
});

function describe(spec, rows) {
  const bin = Math.min(rows[0]?.dataIndex ?? 0, spec.baseline.length - 1);
  const row = (marker, name, share) => `<tr><td style="padding-right:14px">${marker}${name}</td><td style="text-align:right;font-variant-numeric:tabular-nums"><b>${digits(100 * share)}</b> %</td></tr>`;
  const marker = name => rows.find(one => one.seriesName === name)?.marker ?? '';
  return `${spec.across} ${digits(spec.edges[bin])} to ${digits(spec.edges[bin + 1])}<table style="margin-top:4px;border-spacing:0 2px">${row(marker('Baseline'), 'Baseline', spec.baseline[bin])}${row(marker('Now'), 'Now', spec.current[bin])}</table>`;
}
