import { handles } from './geometry.js';

const svg = (name, attributes, ...children) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

const shape = ({ x, y, width, height }) => ({ x, y, width, height });

/** Draws an annotation over its picture. Everything is in pixels of the image; `scale` = image pixels per screen pixel keeps lines and text even. */
export class View {
  constructor(root, task) {
    this.names = task.classNames;
    this.image = { width: task.width, height: task.height };
    const margin = Math.max(task.width, task.height) * 0.02;
    this.whole = { x: -margin, y: -margin, width: task.width + 2 * margin, height: task.height + 2 * margin };
    this.frame = { ...this.whole };
    this.boxes = svg('g', {});
    this.top = svg('g', {});
    this.picture = svg('image', { href: task.image, width: task.width, height: task.height, class: 'label-picture' });
    this.root = svg('svg', { class: 'label-canvas', tabindex: 0, role: 'application', 'aria-label': 'Frame with boxes. Tab steps through them, arrows move, question mark shows all keys.' },
      this.picture, this.boxes, this.top);
    root.replaceChildren(this.root);
  }

  get scale() {
    const area = this.root.getBoundingClientRect();
    return area.width === 0 ? 1 : Math.max(this.frame.width / area.width, this.frame.height / area.height);
  }

  /** The point of the image under a pointer. */
  pointAt(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.root.getScreenCTM().inverse());
    return { x: point.x, y: point.y };
  }

  draw(annotation, rubber) {
    const { x, y, width, height } = this.frame;
    this.root.setAttribute('viewBox', `${x} ${y} ${width} ${height}`);
    const scale = this.scale;
    const ordered = [...annotation.boxes].sort((a, b) => b.width * b.height - a.width * a.height);
    this.boxes.replaceChildren(...ordered.map(box => this.#box(box, box.id === annotation.selected, scale)));
    const selected = annotation.current;
    this.top.replaceChildren(
      ...(selected ? [this.#label(selected, scale), ...this.#handles(selected, scale)] : []),
      ...(rubber ? [svg('rect', { ...shape(rubber), class: `label-rubber class-${annotation.activeClass % 9}` })] : []));
  }

  #box(box, selected, scale) {
    const kind = `class-${box.class % 9}${selected ? ' selected' : ''}${box.confirmed ? '' : ' suggested'}`;
    return svg('g', { class: `label-box ${kind}`, 'data-box': box.id },
      svg('rect', { ...shape(box), class: 'label-casing' }),
      svg('rect', { ...shape(box), class: 'label-edge' }),
      ...(selected ? [] : [this.#label(box, scale)]));
  }

  #label(box, scale) {
    const text = this.names[box.class] + (box.confidence === null ? '' : ` ${box.confidence.toFixed(2)}`) + (box.confirmed ? '' : ' ?');
    const [width, height] = [(text.length * 6.7 + 10) * scale, 17 * scale];
    const above = box.y - height >= this.frame.y;
    const [x, y] = [Math.min(box.x, this.image.width - width / 2), above ? box.y - height : box.y];
    const write = svg('text', { x: x + 5 * scale, y: y + 12.5 * scale, 'font-size': 11.5 * scale });
    write.textContent = text;
    return svg('g', { class: `label-tag class-${box.class % 9}${box.confirmed ? '' : ' suggested'}`, 'data-box': box.id },
      svg('rect', { x, y, width, height, class: 'label-tag-ground' }), svg('rect', { x, y, width: 3 * scale, height, class: 'label-tag-bar' }), write);
  }

  #handles(box, scale) {
    const size = 9 * scale;
    return Object.entries(handles(box)).map(([name, [x, y]]) =>
      svg('rect', { x: x - size / 2, y: y - size / 2, width: size, height: size, class: `label-handle at-${name} class-${box.class % 9}`, 'data-handle': name }));
  }
}
