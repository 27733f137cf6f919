import { createChart, font, token, tooltip } from './chart.js';
import { dragRange } from './drag-range.js';
import { describe } from './line-tooltip.js';
import { markers } from './markers.js';

/**
 * @param listener .NET component to call with Select(from, to) when a stretch of time was dragged over, or null
 * @returns a handle with show(spec) and dispose(); spec is LineChart.razor's LineChartSpec.
 */
export const create = (element, listener) => createChart(element, optionOf, null, listener
  ? chart => dragRange(element, chart, (from, to) => listener.invokeMethodAsync('Select', from, to))
  : null);

function optionOf(spec, element) {
  const text = { color: token('ink-muted'), fontFamily: font(), fontSize: 11 };
  return {
    animation: false,
    textStyle: text,
    grid: { left: 10, right: spec.right ? 10 : 18, top: 52, bottom: spec.across.name ? 26 : 8, containLabel: true },
    legend: {
      type: 'scroll', top: 4, left: 6, right: 6, itemWidth: 20, itemGap: 18, textStyle: text, selectedMode: false, data: spec.lines.map(line => line.name),
      itemStyle: spec.lines.some(line => line.bars) ? {} : { opacity: 0 },
      pageTextStyle: text, pageIconColor: token('accent'), pageIconInactiveColor: token('line'), pageIconSize: 11,
    },
    tooltip: {
      ...tooltip(), trigger: 'axis', order: 'seriesAsc', axisPointer: { lineStyle: { color: token('ink-muted'), type: 'solid', width: 1 } },
      // Of the charts that share a cursor only the one under the pointer speaks.
      formatter: rows => (spec.group && !element.matches(':hover') ? '' : describe(spec, rows)),
    },
    xAxis: across(spec.across, text),
    yAxis: [spec.left, spec.right].filter(Boolean).map((axis, index) => upward(axis, index, text, limitOf(spec, index))),
    series: [...spec.lines.map(line => series(line, spec)), ...markers(spec)],
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

const limitOf = (spec, index) => Math.max(...spec.lines.filter(line => Boolean(line.right) === (index === 1)).map(line => line.limit ?? -Infinity));

// A limit somewhat above the values still belongs into the plot; one far above would press them flat.
const reach = limit => ({ max }) => {
  if (limit <= max || limit > 2.5 * max) return null;
  const step = 10 ** Math.floor(Math.log10(limit)) / 2;
  return Math.ceil(limit * 1.05 / step) * step;
};

const upward = (axis, index, text, limit) => ({
  type: 'value',
  name: axis.unit,
  nameGap: 12,
  nameTextStyle: { ...text, align: index === 0 ? 'left' : 'right' },
  min: axis.min,
  max: axis.max ?? reach(limit),
  splitNumber: 4,
  interval: axis.interval ?? undefined,
  scale: axis.min === null || axis.min === undefined,
  axisLabel: { ...text, formatter: value => Number(value.toPrecision(6)).toLocaleString('en-US') },
  splitLine: { show: index === 0, lineStyle: { color: token('line'), opacity: 0.7 } },
});

function series(line, spec) {
  const color = token(line.color);
  const few = line.points.filter(point => point[1] !== null).length < 4;
  return {
    type: line.bars ? 'bar' : 'line',
    name: line.name,
    data: line.points,
    yAxisIndex: line.right ? 1 : 0,
    stack: line.stack ?? undefined,
    barMaxWidth: 42,
    barCategoryGap: '18%',
    showSymbol: few || !spec.across.time,
    symbol: 'circle',
    symbolSize: 5,
    connectNulls: false,
    color,
    lineStyle: { color, width: line.quiet ? 1.25 : line.stack ? 1 : 2, type: line.dashed ? [5, 4] : 'solid' },
    areaStyle: line.filled ? { color, opacity: line.stack ? 0.35 : 0.1 } : undefined,
    markLine: line.limit === null || line.limit === undefined ? undefined : {
      silent: true,
      symbol: 'none',
      animation: false,
      lineStyle: { color: token('bad'), type: [4, 3], width: 1 },
      label: { formatter: line.limitName, position: 'insideStartTop', distance: 4, color: token('bad'), fontSize: 11, fontFamily: font(), backgroundColor: token('surface'), padding: [1, 3] },
      data: [{ yAxis: line.limit }],
    },
  };
}
