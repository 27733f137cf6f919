import { chooseAt, createChart, digits, font, token, tooltip } from './chart.js';

/**
 * Box sizes, width by height: baseline and now on one colour scale, and what changed. A click chooses a cell.
 * @param listener .NET component to call with Choose(cell), or null
 * @returns a handle with show(spec) and dispose(); spec is SizeChart.razor's SizeSpec.
 */
export function create(element, listener) {
  let spec = null;
  const draw = (next, area) => optionOf(spec = next, area);
  return createChart(element, draw, null, chart => listener && chooseAt(chart, at => cellAt(chart, spec, at), cell => listener.invokeMethodAsync('Choose', cell)));
}

const sideOf = spec => spec.edges.length - 1;

/** What is known, as maps: the difference only of two that are. */
const mapsOf = ({ baseline, current }) => [
  baseline && { name: 'Baseline', cells: baseline },
  current && { name: 'Now', cells: current },
  baseline && current && { name: 'Now − baseline', cells: current.map((share, cell) => share - baseline[cell]), signed: true },
].filter(Boolean);

function cellAt(chart, spec, at) {
  const maps = spec ? mapsOf(spec) : [];
  const gridIndex = maps.findIndex((_, index) => chart.containPixel({ gridIndex: index }, at));
  if (gridIndex < 0) return -1;
  const [column, row] = chart.convertFromPixel({ gridIndex }, at).map(Math.round);
  const cell = row * sideOf(spec) + column;
  return maps.some(({ cells }) => cells[cell]) ? cell : -1; // nothing to look at where no box is
}

/** Side by side, or one under the other where the element is higher than wide. */
function place(element, index, count) {
  const { clientWidth: width, clientHeight: height } = element.firstElementChild; // what is drawn on, within the element's padding
  const stacked = height > width;
  const [wide, high] = stacked ? [width, height / count] : [width / count, height];
  return { left: (stacked ? 0 : index * wide) + 62, top: (stacked ? index * high : 0) + 24, width: wide - 74, height: high - 70 };
}

// The root of a share keeps rare sizes visible beside common ones.
const root = share => Math.sign(share) * Math.sqrt(Math.abs(share));

function optionOf(spec, element) {
  const text = { color: token('ink-muted'), fontFamily: font(), fontSize: 11 };
  const maps = mapsOf(spec);
  const grids = maps.map((_, index) => place(element, index, maps.length));
  const labels = spec.edges.slice(0, -1).map(edge => digits(100 * edge));
  const axis = (gridIndex, name, nameGap) => ({
    type: 'category', gridIndex, data: labels, name, nameGap, nameLocation: 'middle', nameTextStyle: text,
    axisLine: { lineStyle: { color: token('line') } }, axisTick: { show: false }, axisLabel: { ...text, hideOverlap: true },
  });
  return {
    animation: false,
    textStyle: text,
    title: maps.map(({ name }, index) => ({ text: name, left: grids[index].left - 5, top: grids[index].top - 24, textStyle: { ...text, color: token('ink'), fontWeight: 600 } })),
    grid: grids,
    xAxis: maps.map((_, index) => axis(index, 'box width, % of the image', 24)),
    yAxis: maps.map((_, index) => axis(index, index === 0 || grids[index].left === grids[0].left ? 'box height, % of the image' : '', 42)),
    tooltip: { ...tooltip(), formatter: ({ value: [column, row] }) => describe(spec, column, row) },
    visualMap: [scale(maps, false), scale(maps, true)].filter(({ seriesIndex }) => seriesIndex.length > 0),
    series: maps.map(({ name, cells }, index) => ({
      type: 'heatmap', name, xAxisIndex: index, yAxisIndex: index, itemStyle: { borderWidth: 1, borderColor: token('surface') }, data: squares(spec, cells),
    })),
  };
}

/** Colours: from nothing to many boxes; of the difference, from fewer than in the baseline over the same to more. */
function scale(maps, signed) {
  const own = maps.map((map, index) => ({ ...map, index })).filter(map => Boolean(map.signed) === signed);
  const most = root(Math.max(...own.flatMap(({ cells }) => cells.map(Math.abs)), 1e-9));
  return {
    show: false, type: 'continuous', dimension: 2, seriesIndex: own.map(({ index }) => index), min: signed ? -most : 0, max: most,
    inRange: { color: signed ? [token('ink-muted'), token('raised'), token('accent')] : [token('raised'), token('accent')] },
  };
}

/** Cells with boxes, and the chosen one last, so that no other lies over its frame. */
function squares(spec, cells) {
  const square = cell => [cell % sideOf(spec), Math.floor(cell / sideOf(spec)), root(cells[cell])];
  const filled = cells.map((_, cell) => cell).filter(cell => cells[cell] && cell !== spec.chosen).map(square);
  if (spec.chosen === null || spec.chosen === undefined) return filled;
  return [...filled, { value: square(spec.chosen), itemStyle: { borderWidth: 2, borderColor: token('ink') } }];
}

function describe(spec, column, row) {
  const cell = row * sideOf(spec) + column;
  const range = index => `${digits(100 * spec.edges[index])} to ${digits(100 * spec.edges[index + 1])} %`;
  const shares = mapsOf(spec).map(({ name, cells, signed }) => signed
    ? `${name} <b>${cells[cell] > 0 ? '+' : ''}${digits(100 * cells[cell])}</b> points`
    : `${name} <b>${digits(100 * cells[cell])}</b> % of boxes`);
  return `width ${range(column)}, height ${range(row)}<br>${shares.join('<br>')}`;
}
