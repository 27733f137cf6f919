import { createChart, digits, font, token, tooltip } from './chart.js';

/**
 * Curves over time with the band of their intervals, and what happened in between.
 * @returns a handle with show(spec) and dispose(); spec is IntervalChart.razor's IntervalSpec.
 */
export const create = element => createChart(element, optionOf);

const looks = { rollout: { color: 'accent', symbol: 'triangle', word: 'rollout' }, baseline: { color: 'third', symbol: 'diamond', word: 'baseline' } };

function optionOf(spec) {
  const text = { color: token('ink-muted'), fontFamily: font(), fontSize: 11 };
  const values = spec.curves.flatMap(curve => curve.points.flatMap(point => [point.value, point.low ?? point.value, point.high ?? point.value]));
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const step = high - low > 0.2 ? 0.1 : 0.05;
  return {
    animation: false,
    textStyle: text,
    grid: { left: 10, right: 20, top: 52, bottom: 8, containLabel: true },
    legend: { type: 'scroll', top: 4, left: 6, right: 6, itemWidth: 20, itemGap: 18, textStyle: text, data: spec.curves.map(curve => curve.name) },
    tooltip: { ...tooltip(), trigger: 'axis', formatter: rows => describe(spec, rows) },
    xAxis: {
      type: 'time', min: spec.from, max: spec.to, axisLine: { lineStyle: { color: token('line') } }, axisTick: { lineStyle: { color: token('line') } }, splitLine: { show: false },
      axisLabel: { ...text, hideOverlap: true, formatter: { year: '{yyyy}', month: '{d} {MMM}', day: '{d} {MMM}', hour: '{HH}:{mm}' } },
    },
    yAxis: {
      type: 'value', name: spec.unit, nameGap: 12, nameTextStyle: { ...text, align: 'left' },
      min: Math.max(0, Math.floor(low / step) * step), max: Math.min(1, Math.ceil(high / step) * step),
      axisLabel: { ...text, formatter: value => value.toFixed(2) }, interval: step, splitLine: { lineStyle: { color: token('line'), opacity: 0.7 } },
    },
    series: [...spec.curves.flatMap(curve => [...band(curve), line(curve)]), ...Object.keys(looks).map(kind => marks(spec.markers.filter(marker => marker.kind === kind), looks[kind]))],
  };
}

const line = curve => ({
  type: 'line', name: curve.name, color: token(curve.color), symbol: 'circle', symbolSize: 6, z: 3,
  lineStyle: { color: token(curve.color), width: 2, type: curve.dashed ? [5, 4] : 'solid' },
  data: curve.points.map(point => [point.at, point.value]),
});

// The band is the width of the interval, stacked on its unseen lower bound.
function band(curve) {
  const known = curve.points.filter(point => point.low !== null && point.low !== undefined && point.high !== null && point.high !== undefined);
  if (known.length === 0) return [];
  const part = (data, areaStyle) => ({ type: 'line', name: `${curve.name}, interval`, stack: `band ${curve.name}`, symbol: 'none', silent: true, lineStyle: { opacity: 0 }, areaStyle, data, tooltip: { show: false } });
  return [
    part(known.map(point => [point.at, point.low])),
    part(known.map(point => [point.at, point.high - point.low]), { color: token(curve.color), opacity: 0.14 }),
  ];
}

const marks = (markers, { color, symbol }) => ({
  type: 'line', name: '', data: [], silent: true,
  markLine: {
    silent: true, animation: false, label: { show: false }, symbol: ['none', symbol], symbolSize: 8, symbolRotate: 0,
    lineStyle: { color: token(color), type: [2, 3], width: 1 }, itemStyle: { color: token(color) }, data: markers.map(marker => ({ xAxis: marker.at })),
  },
});

const safe = text => String(text).replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);

function describe(spec, rows) {
  const at = rows[0]?.axisValue;
  if (at === undefined) return '';
  const near = (spec.to - spec.from) / 60;
  const cells = spec.curves.flatMap(curve => {
    const point = curve.points.filter(one => Math.abs(one.at - at) <= near).sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0];
    if (!point) return [];
    const interval = point.low === null || point.low === undefined ? '' : ` <span style="opacity:.75">${digits(point.low)} to ${digits(point.high)}</span>`;
    return `<tr><td style="padding-right:14px"><span style="display:inline-block;width:9px;height:9px;border-radius:50%;background:${token(curve.color)};margin-right:6px"></span>${safe(curve.name)}</td><td style="text-align:right;font-variant-numeric:tabular-nums"><b>${point.value.toFixed(3)}</b>${interval}</td></tr><tr><td colspan="2" style="opacity:.75;padding-left:15px">${safe(point.note)}</td></tr>`;
  });
  const events = spec.markers.filter(marker => Math.abs(marker.at - at) <= near).map(marker => `<br>${(looks[marker.kind] ?? looks.rollout).word}: ${safe(marker.text)}`);
  return `${new Date(at).toLocaleDateString([], { weekday: 'short', month: 'short', day: 'numeric' })}<table style="margin-top:4px;border-spacing:0 2px">${cells.join('')}</table>${events.join('')}`;
}
