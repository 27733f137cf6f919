const svg = (name, attributes, ...children) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

/**
 * Draws boxes over a picture.
 * @param layer an svg element on top of the picture
 * @param size { width, height } of the picture in pixels
 * @param boxes [{ class, name, confidence, x, y, width, height }] in pixels of the picture
 */
export function drawBoxes(layer, size, boxes) {
  layer.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
  const shown = layer.getBoundingClientRect().width;
  const scale = shown === 0 ? 1 : size.width / shown;
  const ordered = [...boxes].sort((a, b) => b.width * b.height - a.width * a.height);
  layer.replaceChildren(...ordered.map(box => draw(box, size, scale)));
}

function draw(box, size, scale) {
  const { x, y, width, height } = box;
  const text = `${box.name} ${box.confidence.toFixed(2)}`;
  const [long, high] = [(text.length * 7 + 12) * scale, 17 * scale];
  const [left, top] = [Math.max(0, Math.min(x, size.width - long)), y >= high ? y - high : y];
  const write = svg('text', { x: left + 6 * scale, y: top + 12.5 * scale, 'font-size': 11.5 * scale });
  write.textContent = text;
  return svg('g', { class: `frame-box class-${box.class % 9}` },
    svg('rect', { x, y, width, height, class: 'label-casing' }),
    svg('rect', { x, y, width, height, class: 'label-edge' }),
    svg('g', { class: 'label-tag' },
      svg('rect', { x: left, y: top, width: long, height: high, class: 'label-tag-ground' }),
      svg('rect', { x: left, y: top, width: 3 * scale, height: high, class: 'label-tag-bar' }), write));
}
