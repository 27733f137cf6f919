import { token } from './chart.js';

// Colour and shape by kind, so that neither alone carries the meaning.
const looks = {
  alert: { color: 'bad', symbol: 'rect' },
  resolved: { color: 'good', symbol: 'circle' },
  rollout: { color: 'sixth', symbol: 'triangle' },
  baseline: { color: 'third', symbol: 'diamond' },
  deployment: { color: 'ink-muted', symbol: 'circle' },
};

/** Series without points that carry the upright lines and shaded stretches of a specification; ends of lines can differ by series only. */
export const markers = spec => [
  ...Object.entries(looks).map(([kind, look]) => lines(look, (spec.markers ?? []).filter(marker => marker.kind === kind))).filter(Boolean),
  ...(spec.bands?.length ? [bands(spec.bands)] : []),
];

const bare = { type: 'line', name: '', data: [], silent: true };

const lines = ({ color, symbol }, markers) => markers.length > 0 && {
  ...bare,
  markLine: {
    silent: true,
    animation: false,
    symbol: ['none', symbol],
    symbolSize: 8,
    label: { show: false },
    lineStyle: { color: token(color), type: [2, 3], width: 1 },
    itemStyle: { color: token(color) },
    data: markers.map(marker => ({ xAxis: marker.at })),
  },
};

const bands = stretches => ({
  ...bare,
  markArea: {
    silent: true,
    data: stretches.map(band => [{ xAxis: band.from, itemStyle: { color: token(band.color), opacity: 0.14 } }, { xAxis: band.to }]),
  },
});

/** The markers within a hundredth of the axis around x, the nearest first. */
export const nearby = (spec, x) => (spec.markers ?? [])
  .filter(marker => Math.abs(marker.at - x) <= (spec.across.to - spec.across.from) / 100)
  .sort((a, b) => Math.abs(a.at - x) - Math.abs(b.at - x))
  .slice(0, 4);
