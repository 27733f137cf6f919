import { token } from './chart.js';

// Colour and shape by kind, so that neither alone carries the meaning.
const looks = {
  alert: { color: 'bad', symbol: 'rect' },
  resolved: { color: 'good', symbol: 'circle' },
  rollout: { color: 'accent', symbol: 'triangle' },
  baseline: { color: 'third', symbol: 'diamond' },
  deployment: { color: 'ink-muted', symbol: 'circle' },
};
const width = { alert: 1.25 };

/** Series without points that carry the upright lines and shaded stretches of a specification. */
export function markers(spec) {
  if (!spec.markers?.length && !spec.bands?.length) return [];
  return [{
    type: 'line',
    name: '',
    data: [],
    silent: true,
    markLine: {
      silent: true,
      animation: false,
      label: { show: false },
      data: (spec.markers ?? []).map(marker => {
        const { color, symbol } = looks[marker.kind] ?? looks.deployment;
        return { xAxis: marker.at, symbol: ['none', symbol], symbolSize: 7, symbolRotate: 0, lineStyle: { color: token(color), type: [2, 3], width: width[marker.kind] ?? 1 }, itemStyle: { color: token(color) } };
      }),
    },
    markArea: {
      silent: true,
      data: (spec.bands ?? []).map(band => [{ xAxis: band.from, itemStyle: { color: token(band.color), opacity: 0.12 } }, { xAxis: band.to }]),
    },
  }];
}

/** The markers within a hundredth of the axis around x, the nearest first. */
export const nearby = (spec, x) => (spec.markers ?? [])
  .filter(marker => Math.abs(marker.at - x) <= (spec.across.to - spec.across.from) / 100)
  .sort((a, b) => Math.abs(a.at - x) - Math.abs(b.at - x))
  .slice(0, 4);
