import { createChart, digits, font, token, tooltip } from './chart.js';

/** Box sizes, width by height: the baseline beside now, on one colour scale. @returns a handle with show(spec) and dispose(); spec is SizeChart.razor's SizeSpec. */
export const create = element => createChart(element, optionOf);

const names = ['Baseline', 'Now'];

function optionOf(spec) {
  const text = { color: token('ink-muted'), fontFamily: font(), fontSize: 11 };
  const size = spec.edges.length - 1;
  const labels = spec.edges.slice(0, -1).map(edge => digits(100 * edge));
  const most = Math.max(...spec.baseline, ...spec.current, 1e-9);
  const axis = (index, name) => ({
    type: 'category', gridIndex: index, data: labels, name, nameLocation: 'middle', nameTextStyle: text,
    axisLine: { lineStyle: { color: token('line') } }, axisTick: { show: false }, axisLabel: { ...text, hideOverlap: true },
  });
  return {
    animation: false,
    textStyle: text,
    title: names.map((name, index) => ({ text: name, left: index === 0 ? 54 : '55.5%', top: 0, textStyle: { ...text, color: token('ink'), fontWeight: 600 } })),
    grid: [{ left: 58, right: '54%', top: 22, bottom: 44 }, { left: '56%', right: 14, top: 22, bottom: 44 }],
    xAxis: names.map((_, index) => ({ ...axis(index, 'box width, % of the image'), nameGap: 24 })),
    yAxis: names.map((_, index) => ({ ...axis(index, index === 0 ? 'box height, % of the image' : ''), nameGap: 38 })),
    tooltip: { ...tooltip(), formatter: cell => describe(spec, cell) },
    visualMap: { show: false, min: 0, max: Math.sqrt(most), dimension: 2, inRange: { color: [token('raised'), token('accent')] } },
    series: [spec.baseline, spec.current].map((shares, index) => ({
      type: 'heatmap', name: names[index], xAxisIndex: index, yAxisIndex: index,
      itemStyle: { borderWidth: 1, borderColor: token('surface') },
      // The root of the share keeps rare sizes visible beside common ones.
      data: shares.map((share, cell) => [cell % size, Math.floor(cell / size), Math.sqrt(share)]).filter(([, , root]) => root > 0),
    })),
  };
}

function describe(spec, cell) {
  const [column, row] = cell.value;
  const size = spec.edges.length - 1;
  const range = index => `${digits(100 * spec.edges[index])} to ${digits(100 * spec.edges[index + 1])} %`;
  const share = shares => `<b>${digits(100 * shares[row * size + column])}</b> % of boxes`;
  return `width ${range(column)}, height ${range(row)}<br>Baseline ${share(spec.baseline)}<br>Now ${share(spec.current)}`;
}
