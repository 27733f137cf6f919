import { between, moved, panned, resized, smallest, zoomed } from './geometry.js';

const slack = 3; // screen pixels before a press counts as a drag

/** Turns presses and drags on the view into steps of the annotation. */
export function listenToPointer(editor) {
  const { view } = editor;
  let drag = null;

  view.root.addEventListener('pointerdown', event => {
    if (event.button > 1) return;
    view.root.focus({ preventScroll: true });
    view.root.setPointerCapture(event.pointerId);
    event.preventDefault();
    drag = start(event);
    editor.draw();
  });

  view.root.addEventListener('pointermove', event => {
    if (!drag) return;
    const at = view.pointAt(event);
    drag.far ||= Math.hypot(event.clientX - drag.clientX, event.clientY - drag.clientY) > slack;
    if (drag.far) drag.move(at, at.x - drag.at.x, at.y - drag.at.y);
    editor.draw();
  });

  const end = event => {
    if (!drag) return;
    const { far, done } = drag;
    drag = null;
    done(far && event.type === 'pointerup');
    editor.changed();
  };
  view.root.addEventListener('pointerup', end);
  view.root.addEventListener('pointercancel', end);
  view.root.addEventListener('wheel', event => {
    event.preventDefault();
    view.frame = zoomed(view.frame, 1.0015 ** event.deltaY, view.pointAt(event), view.whole);
    editor.changed();
  }, { passive: false });

  editor.cancelDrag = () => {
    if (!drag) return false;
    drag.done(false);
    drag = null;
    return true;
  };

  function start(event) {
    const begun = { at: view.pointAt(event), clientX: event.clientX, clientY: event.clientY, far: false };
    const handle = event.target.dataset?.handle;
    const box = event.target.closest('[data-box]')?.dataset.box;
    if (event.button === 1) return { ...begun, ...pan() };
    if (editor.readOnly) return { ...begun, ...pan() };
    if (handle) return { ...begun, ...change((shape, dx, dy) => resized(shape, handle, dx, dy, view.image)) };
    if (box && !event.shiftKey) {
      editor.annotation.select(Number(box));
      return { ...begun, ...change((shape, dx, dy) => moved(shape, dx, dy, view.image)) };
    }
    return { ...begun, ...rubber(begun.at) };
  }

  function change(apply) {
    const { annotation } = editor;
    const before = annotation.boxes;
    const original = annotation.current;
    return {
      move: (_, dx, dy) => { annotation.boxes = before.map(box => (box === original ? { ...apply(original, dx, dy), confirmed: true } : box)); },
      done: kept => {
        const after = annotation.boxes;
        annotation.boxes = before;
        if (kept) annotation.commit(after, before);
      },
    };
  }

  function rubber(from) {
    return {
      move: at => { editor.rubber = between(from, at, view.image); },
      done: kept => {
        const shape = editor.rubber;
        editor.rubber = null;
        if (kept && shape && shape.width >= smallest && shape.height >= smallest) editor.annotation.add(shape);
        else editor.annotation.select(null);
      },
    };
  }

  function pan() {
    return {
      // The point under the pointer stays under it, so the shift is measured anew each time.
      move: (_, dx, dy) => { view.frame = panned(view.frame, -dx, -dy, view.whole); },
      done: () => {},
    };
  }
}
