import { moved, resized } from './geometry.js';

const depth = 200;

/**
 * The boxes of one frame, what is selected, and the way back. Boxes are never changed in place, so a step of history is just the old list.
 * A box: { id, class, x, y, width, height, confidence, confirmed }; confirmed = a person drew, changed or accepted it.
 */
export class Annotation {
  #past = [];
  #future = [];

  constructor(image, boxes, classes) {
    this.image = image;
    this.classes = classes;
    this.boxes = boxes;
    this.selected = null;
    this.activeClass = 0;
    this.nextId = boxes.reduce((most, box) => Math.max(most, box.id), 0) + 1;
  }

  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }
  get current() { return this.boxes.find(box => box.id === this.selected) ?? null; }

  /** Makes a step that can be undone. Leaves the annotation alone when nothing is different. */
  commit(boxes, before = this.boxes) {
    if (boxes === before) return;
    this.#past = [...this.#past.slice(1 - depth), before];
    this.#future = [];
    this.#take(boxes);
  }

  undo() { this.#step(this.#past, this.#future); }
  redo() { this.#step(this.#future, this.#past); }

  add(shape) {
    const box = { ...shape, id: this.nextId++, class: this.activeClass, confidence: null, confirmed: true };
    this.commit([...this.boxes, box]);
    this.selected = box.id;
  }

  remove() {
    if (!this.current) return;
    const next = this.neighbour(1);
    this.commit(this.boxes.filter(box => box.id !== this.selected));
    this.selected = this.boxes.includes(next) ? next.id : null;
  }

  /** The boxes with the selected one replaced; confirmed, because a person did it. */
  replaced(change) {
    return this.boxes.map(box => (box.id === this.selected ? { ...change(box), confirmed: true } : box));
  }

  /** Confirms the selected suggestion and goes to the next one; without a selection confirms all. */
  accept() {
    const open = box => !box.confirmed && (this.selected === null || box.id === this.selected);
    if (!this.boxes.some(open)) return;
    this.commit(this.boxes.map(box => (open(box) ? { ...box, confirmed: true } : box)));
    if (this.selected !== null) this.selected = (this.boxes.find(box => !box.confirmed) ?? this.current)?.id ?? null;
  }

  setClass(index) {
    if (index < 0 || index >= this.classes) return;
    this.activeClass = index;
    if (this.current && this.current.class !== index) this.commit(this.replaced(box => ({ ...box, class: index })));
  }

  nudge(dx, dy) { if (this.current) this.commit(this.replaced(box => moved(box, dx, dy, this.image))); }
  grow(dx, dy) { if (this.current) this.commit(this.replaced(box => resized(box, 'se', dx, dy, this.image))); }

  select(id) {
    this.selected = id;
    if (this.current) this.activeClass = this.current.class;
  }

  /** The box before or after the selected one in reading order, or undefined past the ends. */
  neighbour(direction) {
    const order = [...this.boxes].sort((a, b) => a.y + a.height / 2 - (b.y + b.height / 2) || a.x - b.x);
    const at = order.findIndex(box => box.id === this.selected);
    return at < 0 ? (direction > 0 ? order[0] : order.at(-1)) : order[at + direction];
  }

  // What comes back or changes is selected, so that the next key means the box that the person is looking at.
  #step(from, to) {
    if (!from.length) return;
    const before = this.boxes;
    to.push(before);
    this.#take(from.pop());
    const back = this.boxes.find(box => !before.includes(box));
    if (back) this.select(back.id);
  }

  #take(boxes) {
    this.boxes = boxes;
    if (!this.current) this.selected = null;
  }
}
