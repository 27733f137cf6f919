import { createChart, digits, font, token, tooltip } from './chart.js';

/** @returns a handle with show(spec) and dispose(); spec is LineChart.razor's LineChartSpec. */
export const create = element => createChart(element, optionOf);

function optionOf(spec) {
  const text = { color: token('ink-muted'), fontFamily: font(), fontSize: 11 };
  return {
    animation: false,
    textStyle: text,
    grid: { left: 10, right: spec.right ? 10 : 18, top: 52, bottom: spec.across.name ? 26 : 8, containLabel: true },
    legend: { top: 4, left: 6, itemWidth: 20, itemGap: 18, itemStyle: { opacity: 0 }, textStyle: text, selectedMode: false },
    tooltip: { ...tooltip(), trigger: 'axis', axisPointer: { lineStyle: { color: token('ink-muted'), type: 'solid', width: 1 } }, formatter: rows => describe(spec, rows) },
    xAxis: across(spec.across, text),
    yAxis: [spec.left, spec.right].filter(Boolean).map((axis, index) => upward(axis, index, text)),
    series: spec.lines.map(line => series(line, spec)),
  };
}

const across = (axis, text) => ({
  type: axis.time ? 'time' : 'value',
  min: axis.from,
  max: axis.to,
  name: axis.name ?? '',
  nameLocation: 'middle',
  nameGap: 26,
  nameTextStyle: text,
  minInterval: axis.time ? undefined : 1,
  axisLine: { lineStyle: { color: token('line') } },
  axisTick: { lineStyle: { color: token('line') } },
  axisLabel: { ...text, hideOverlap: true, formatter: axis.time ? { year: '{yyyy}', month: '{d} {MMM}', day: '{d} {MMM}', hour: '{HH}:{mm}', minute: '{HH}:{mm}', second: '{HH}:{mm}:{ss}' } : undefined },
  splitLine: { show: false },
});

const upward = (axis, index, text) => ({
  type: 'value',
  name: axis.unit,
  nameGap: 12,
  nameTextStyle: { ...text, align: index === 0 ? 'left' : 'right' },
  min: axis.min,
  max: axis.max ?? undefined,
  splitNumber: 4,
  interval: axis.interval ?? undefined,
  axisLabel: { ...text, formatter: value => Number(value.toPrecision(6)).toLocaleString('en-US') },
  splitLine: { show: index === 0, lineStyle: { color: token('line'), opacity: 0.7 } },
});

function series(line, spec) {
  const color = token(line.color);
  const few = line.points.filter(point => point[1] !== null).length < 4;
  return {
    type: 'line',
    name: line.name,
    data: line.points,
    yAxisIndex: line.right ? 1 : 0,
    showSymbol: few || !spec.across.time,
    symbol: 'circle',
    symbolSize: 5,
    connectNulls: false,
    color,
    lineStyle: { color, width: line.quiet ? 1.25 : 2, type: line.dashed ? [5, 4] : 'solid' },
    areaStyle: line.filled ? { color, opacity: 0.1 } : undefined,
    markLine: line.limit === null || line.limit === undefined ? undefined : {
      silent: true,
      symbol: 'none',
      animation: false,
      lineStyle: { color: token('bad'), type: [4, 3], width: 1 },
      label: { formatter: line.limitName, position: 'insideEndTop', color: token('bad'), fontSize: 11, fontFamily: font() },
      data: [{ yAxis: line.limit }],
    },
  };
}

function describe(spec, rows) {
  if (!rows.length) return '';
  const at = rows[0].axisValue;
  const head = spec.across.time ? new Date(at).toLocaleString([], { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }) : `${spec.across.name} ${at}`;
  const lines = rows.map(row => {
    const unit = (spec.lines[row.seriesIndex].right ? spec.right : spec.left).unit;
    return `<tr><td style="padding-right:14px">${row.marker}${row.seriesName}</td><td style="text-align:right;font-variant-numeric:tabular-nums"><b>${digits(row.value[1])}</b> ${unit}</td></tr>`;
  });
  return `${head}<table style="margin-top:4px;border-spacing:0 2px">${lines.join('')}</table>`;
}
