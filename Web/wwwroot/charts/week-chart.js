import { chooseAt, createChart, digits, font, token, tooltip } from './chart.js';

/**
 * A signal's comparison week by week: how far it is from the baseline above, how likely chance alone is below. A click chooses a week.
 * @param listener .NET component to call with Choose(index), or null
 * @returns a handle with show(spec) and dispose(); spec is WeekChart.razor's WeekSpec.
 */
export const create = (element, listener) => createChart(element, optionOf, null, chart => {
  if (!listener) return null;
  const grids = [{ gridIndex: 0 }, { gridIndex: 1 }];
  const weekAt = at => {
    const grid = grids.find(one => chart.containPixel(one, at));
    return grid ? Math.round(chart.convertFromPixel(grid, at)[0]) : -1;
  };
  return chooseAt(chart, weekAt, week => listener.invokeMethodAsync('Choose', week));
});

// A p under this is drawn here: what lies below differs in nothing that matters.
const least = 1e-6;
const colors = { drift: 'warn', ksOnly: 'ink-muted', inconclusive: 'ink-muted', stable: 'good' };

function optionOf(spec) {
  const text = { color: token('ink-muted'), fontFamily: font(), fontSize: 11 };
  const limit = (at, name) => ({
    silent: true, symbol: 'none', animation: false, lineStyle: { color: token('bad'), type: [4, 3], width: 1 },
    label: { formatter: name, position: 'insideStartTop', color: token('bad'), fontSize: 11, fontFamily: font() }, data: [{ yAxis: at }],
  });
  const line = (name, color, values, more) => ({ type: 'line', name, color: token(color), symbol: 'circle', symbolSize: 6, lineStyle: { color: token(color), width: 2 }, data: values, ...more });
  const across = index => ({
    type: 'category', gridIndex: index, data: spec.weeks.map(week => week.name), axisTick: { show: false }, axisLine: { lineStyle: { color: token('line') } },
    axisLabel: index === 0 ? { show: false } : { ...text, hideOverlap: true }, name: index === 1 ? 'week from Monday' : '', nameLocation: 'middle', nameGap: 26, nameTextStyle: text,
  });
  const up = (index, name, more) => ({ gridIndex: index, name, nameGap: 10, nameTextStyle: { ...text, align: 'left' }, axisLabel: text, splitLine: { lineStyle: { color: token('line'), opacity: 0.7 } }, ...more });
  const chosen = spec.weeks.findIndex(week => week.chosen);
  return {
    animation: false,
    textStyle: text,
    legend: { top: 2, left: 6, itemWidth: 18, itemGap: 14, textStyle: text, selectedMode: false },
    grid: [{ left: 46, right: 18, top: 46, height: '32%' }, { left: 46, right: 18, top: '62%', bottom: 42 }],
    tooltip: { ...tooltip(), trigger: 'axis', formatter: rows => describe(spec.weeks[rows[0]?.dataIndex]) },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    xAxis: [across(0), across(1)],
    yAxis: [
      // Room above the threshold, where its name stands.
      up(0, 'distance, 0 to 1', { type: 'value', min: 0, max: range => (range.max < 1.3 * spec.threshold ? 1.5 * spec.threshold : null), splitNumber: 3 }),
      up(1, 'p, logarithmic', { type: 'log', min: least, max: 1, axisLabel: { ...text, formatter: value => (value <= least ? '≤1e−6' : value >= 0.01 ? String(value) : value.toExponential(0).replace('-', '−')) } }),
    ],
    series: [
      line('Effect size', 'accent', spec.weeks.map(week => ({ value: week.distance, itemStyle: { color: token(colors[week.level]) } })), {
        markLine: limit(spec.threshold, 'threshold'),
        markArea: chosen < 0 ? undefined : { silent: true, itemStyle: { color: token('warn'), opacity: 0.14 }, data: [[{ xAxis: chosen - 0.5 }, { xAxis: chosen + 0.5 }]] },
      }),
      line('KS D', 'second', spec.weeks.map(week => week.ks), { lineStyle: { color: token('second'), width: 1.25 } }),
      line('Adjusted p', 'third', spec.weeks.map(week => Math.max(least, week.adjustedP)), { xAxisIndex: 1, yAxisIndex: 1, markLine: limit(spec.pThreshold, `p = ${spec.pThreshold}`) }),
      line('Plain KS p', 'ink-muted', spec.weeks.map(week => Math.max(least, week.plainP)), { xAxisIndex: 1, yAxisIndex: 1, lineStyle: { color: token('ink-muted'), width: 1.25, type: [5, 4] } }),
    ],
  };
}

const probability = p => (p !== 0 && p < 0.001 ? p.toExponential(1).replace('-', '−') : digits(p));

function describe(week) {
  if (!week) return '';
  const row = (name, value) => `<tr><td style="padding-right:14px">${name}</td><td style="text-align:right;font-variant-numeric:tabular-nums"><b>${value}</b></td></tr>`;
  return `Week from ${week.name}: <b>${week.word}</b><table style="margin-top:4px;border-spacing:0 2px">${row('Effect size', digits(week.distance))}${row('KS D', digits(week.ks))}${row('Adjusted p', probability(week.adjustedP))}${row('Plain KS p', probability(week.plainP))}${row('Values', week.count.toLocaleString('en-US'))}</table>`;
}
