import { createChart, font, token, tooltip } from './chart.js';

/** @returns a handle with show(spec) and dispose(); spec = { regions: [{ name, longitude, latitude, share }] }. */
export const create = element => createChart(element, optionOf, prepare);

let registered;

const prepare = echarts => (registered ??= fetch('/maps/world.json')
  .then(answer => answer.json())
  .then(world => echarts.registerMap('world', world)));

const percent = share => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

function optionOf(spec) {
  const text = { color: token('ink'), fontFamily: font(), fontSize: 11 };
  const busy = spec.regions.filter(region => region.share > 0);
  const quiet = spec.regions.filter(region => !(region.share > 0));
  return {
    animation: false,
    geo: {
      map: 'world',
      silent: true,
      roam: false,
      left: 8,
      right: 8,
      top: 6,
      bottom: 6,
      boundingCoords: [[-168, 78], [180, -56]],
      itemStyle: { areaColor: token('land'), borderColor: token('surface'), borderWidth: 0.5 },
    },
    tooltip: { ...tooltip(), formatter: point => `${point.name}<br><b>${percent(point.value[2])}</b> of requests in 24 h` },
    series: [
      points(busy, text, { color: token('accent'), opacity: 0.82, borderColor: token('surface'), borderWidth: 1 }),
      points(quiet, { ...text, color: token('ink-muted') }, { color: token('surface'), borderColor: token('ink-muted'), borderWidth: 1.5 }),
    ],
  };
}

const points = (regions, text, itemStyle) => ({
  type: 'scatter',
  coordinateSystem: 'geo',
  // In the far east the name stands on the left, where there is room.
  data: regions.map(region => ({ name: region.name, value: [region.longitude, region.latitude, region.share], label: { position: region.longitude > 90 ? 'left' : 'right' } })),
  symbolSize: value => 9 + 27 * Math.sqrt(value[2]),
  itemStyle,
  label: { show: true, distance: 6, formatter: point => `${point.name}  ${percent(point.value[2])}`, ...text, textBorderColor: token('surface'), textBorderWidth: 3 },
  labelLayout: { moveOverlap: 'shiftY' },
});
