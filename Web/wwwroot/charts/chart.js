// One ECharts instance on an element: loads the library once, follows the element's size and the theme, and cleans up.
const library = '/_content/Vizor.ECharts/js/vizor-echarts-bundle-min.js';
let loading;

function load() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = library;
    script.onload = () => resolve(globalThis.echarts);
    script.onerror = () => reject(new Error('The chart library could not be loaded.'));
    document.head.append(script);
  });
  return loading;
}

/** The tokens of the current theme by name, for example token('ink-muted'). */
export const token = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export const font = () => getComputedStyle(document.body).fontFamily;

/**
 * @param element where to draw
 * @param optionOf (spec, element) => ECharts option; called again with the last spec when the theme changes
 * @param prepare (echarts) => done once before the first drawing
 * @param follow (chart) => more to attach to the chart; gives back what detaches it
 */
export async function createChart(element, optionOf, prepare, follow) {
  const echarts = await load();
  await prepare?.(echarts);
  const chart = echarts.init(element, null, { renderer: 'canvas' });
  let spec = null;
  const unfollow = follow?.(chart);
  const draw = () => spec && chart.setOption(optionOf(spec, element), { notMerge: true });
  const observer = new ResizeObserver(() => {
    chart.resize();
    draw();
  });
  observer.observe(element);
  document.addEventListener('themechange', draw);
  return {
    show(next) {
      spec = next;
      if (spec.group && chart.group !== spec.group) {
        chart.group = spec.group;
        echarts.connect(spec.group);
      }
      draw();
    },
    dispose() {
      observer.disconnect();
      unfollow?.();
      document.removeEventListener('themechange', draw);
      chart.dispose();
    },
  };
}

/**
 * Calls choose(index) for clicks on what has one.
 * @param indexAt ([x, y] in pixels) => an index, or -1 where there is nothing to choose
 * @returns what detaches it; for createChart's follow
 */
export function chooseAt(chart, indexAt, choose) {
  const at = event => indexAt([event.offsetX, event.offsetY]);
  const click = event => {
    const index = at(event);
    if (index >= 0) choose(index);
  };
  const move = event => chart.getZr().setCursorStyle(at(event) >= 0 ? 'pointer' : 'default');
  chart.getZr().on('click', click);
  chart.getZr().on('mousemove', move);
  return () => {
    chart.getZr().off('click', click);
    chart.getZr().off('mousemove', move);
  };
}

/** Three significant digits without exponents, as the server writes them. */
export function digits(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.1) return value.toFixed(3);
  if (size < 10) return value.toFixed(2);
  if (size < 100) return value.toFixed(1);
  return Math.round(value).toLocaleString('en-US');
}

export const tooltip = () => ({
  backgroundColor: token('surface'),
  borderColor: token('line'),
  padding: [8, 10],
  textStyle: { color: token('ink'), fontSize: 12, fontFamily: font() },
  extraCssText: 'box-shadow: 0 4px 16px rgb(0 0 0 / .18); border-radius: 4px;',
  confine: true,
});
