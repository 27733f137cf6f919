// Pure geometry of boxes { x, y, width, height } in pixels of the image.

export const smallest = 2;

const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

/** The box through two corners, inside the image. */
export function between(a, b, image) {
  const left = clamp(Math.min(a.x, b.x), 0, image.width);
  const top = clamp(Math.min(a.y, b.y), 0, image.height);
  return { x: left, y: top, width: clamp(Math.max(a.x, b.x), 0, image.width) - left, height: clamp(Math.max(a.y, b.y), 0, image.height) - top };
}

/** Shifts a box; it stays whole and inside the image. */
export const moved = (box, dx, dy, image) => ({
  ...box,
  x: clamp(box.x + dx, 0, image.width - box.width),
  y: clamp(box.y + dy, 0, image.height - box.height),
});

/** Shifts the edges that a handle names by its compass letters, for example 'ne'; edges never cross. */
export function resized(box, handle, dx, dy, image) {
  let [left, top, right, bottom] = [box.x, box.y, box.x + box.width, box.y + box.height];
  if (handle.includes('w')) left = clamp(left + dx, 0, right - smallest);
  if (handle.includes('e')) right = clamp(right + dx, left + smallest, image.width);
  if (handle.includes('n')) top = clamp(top + dy, 0, bottom - smallest);
  if (handle.includes('s')) bottom = clamp(bottom + dy, top + smallest, image.height);
  return { ...box, x: left, y: top, width: right - left, height: bottom - top };
}

/** Where the handles of a box sit, by compass letters. */
export const handles = box => {
  const [middle, centre] = [box.x + box.width / 2, box.y + box.height / 2];
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  return { nw: [box.x, box.y], n: [middle, box.y], ne: [right, box.y], e: [right, centre], se: [right, bottom], s: [middle, bottom], sw: [box.x, bottom], w: [box.x, centre] };
};

/** The view { x, y, width, height } zoomed by a factor around a point, at most the whole frame with its margin, at least 24 px. */
export function zoomed(view, factor, at, whole) {
  const width = clamp(view.width * factor, 24, whole.width);
  const scale = width / view.width;
  return panned({ x: at.x - (at.x - view.x) * scale, y: at.y - (at.y - view.y) * scale, width, height: view.height * scale }, 0, 0, whole);
}

export const panned = (view, dx, dy, whole) => ({
  ...view,
  x: clamp(view.x + dx, whole.x, whole.x + whole.width - view.width),
  y: clamp(view.y + dy, whole.y, whole.y + whole.height - view.height),
});
