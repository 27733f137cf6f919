import { Annotation } from './annotation.js';
import { zoomed } from './geometry.js';
import { listenToKeys } from './keys.js';
import { listenToPointer } from './pointer.js';
import { View } from './view.js';

const pace = 80; // milliseconds between two reports to the server while something is dragged

/**
 * @param root where the picture goes
 * @param page .NET object with Changed(state), Submit(), OpenSkip(), ShowShortcuts(), PictureFailed()
 * @param task { frame, image, width, height, classNames, boxes }
 */
export const create = (root, page, task) => new Editor(root, page, task);

class Editor {
  rubber = null;
  readOnly = false;
  #listening = new AbortController();
  #timer = null;

  constructor(root, page, task) {
    this.page = page;
    this.frame = task.frame;
    this.view = new View(root, task);
    this.annotation = new Annotation(this.view.image, task.boxes, task.classNames.length);
    this.view.picture.addEventListener('error', () => this.notify('PictureFailed'));
    listenToPointer(this);
    listenToKeys(this, this.#listening.signal);
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
    this.view.root.focus({ preventScroll: true });
    this.changed();
  }

  draw() { this.view.draw(this.annotation, this.rubber); }

  notify(what, ...values) { return this.page.invokeMethodAsync(what, ...values).catch(() => {}); }

  /** Draws now and reports soon. */
  changed() {
    this.draw();
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.notify('Changed', this.state());
    }, pace);
  }

  state() {
    const { boxes, selected, activeClass, canUndo, canRedo } = this.annotation;
    return { frame: this.frame, boxes, selected, activeClass, canUndo, canRedo, zoom: this.view.whole.width / this.view.frame.width };
  }

  // What buttons beside the picture ask for.
  select(id) { this.#do(() => this.annotation.select(id)); }
  setClass(index) { this.#do(() => this.annotation.setClass(index)); }
  accept() { this.#do(() => this.annotation.accept()); }
  remove() { this.#do(() => this.annotation.remove()); }
  undo() { this.#do(() => this.annotation.undo()); }
  redo() { this.#do(() => this.annotation.redo()); }
  zoom(factor) {
    const { frame, whole } = this.view;
    this.view.frame = factor === 0 ? { ...whole } : zoomed(frame, factor, { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 }, whole);
    this.changed();
  }

  lock(readOnly) {
    this.readOnly = readOnly;
    this.view.root.classList.toggle('read-only', readOnly);
  }

  #do(step) {
    if (this.readOnly) return;
    step();
    this.changed();
    this.view.root.focus({ preventScroll: true });
  }

  dispose() {
    clearTimeout(this.#timer);
    this.#listening.abort();
    this.observer.disconnect();
  }
}
