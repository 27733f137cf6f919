import { zoomed } from './geometry.js';

/** Keys work anywhere on the page but in fields, menus and dialogs; a focused button keeps Enter and Space. */
export function listenToKeys(editor, signal) {
  document.addEventListener('keydown', event => {
    const target = event.target;
    if (event.defaultPrevented || target.closest?.('input, textarea, select, [contenteditable], .mud-popover-open, .mud-dialog')) return;
    if (document.querySelector('.mud-dialog, .mud-overlay-dialog')) return;
    if (target.closest?.('button, a') && ['Enter', ' ', 'Tab'].includes(event.key)) return;
    const act = actionOf(editor, event);
    if (!act) return;
    event.preventDefault();
    act();
    editor.changed();
  }, { signal });
}

function actionOf(editor, event) {
  const { annotation, view } = editor;
  const key = event.key;
  const control = event.ctrlKey || event.metaKey;
  const center = { x: view.frame.x + view.frame.width / 2, y: view.frame.y + view.frame.height / 2 };
  const zoom = factor => () => { view.frame = zoomed(view.frame, factor, center, view.whole); };
  if (control && key.toLowerCase() !== 'z' && key.toLowerCase() !== 'y') return null;
  const always = { '+': zoom(0.8), '=': zoom(0.8), '-': zoom(1.25), 0: () => { view.frame = { ...view.whole }; }, '?': () => editor.notify('ShowShortcuts') };
  if (always[key]) return always[key];
  if (editor.readOnly) return null;
  if (key === 'Tab') return document.activeElement === view.root ? stepOf(annotation, event.shiftKey ? -1 : 1) : null;
  if (/^[1-9]$/.test(key)) return () => annotation.setClass(Number(key) - 1);
  const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (arrow) return annotation.current ? pushOf(annotation, event, arrow) : null;
  return {
    enter: () => editor.notify('Submit'),
    a: () => annotation.accept(),
    delete: () => annotation.remove(),
    backspace: () => annotation.remove(),
    n: () => annotation.add(inTheMiddle(view, center)),
    z: () => (event.shiftKey ? annotation.redo() : annotation.undo()),
    y: () => annotation.redo(),
    s: () => editor.notify('OpenSkip'),
    escape: () => editor.cancelDrag() || annotation.select(null),
  }[key.toLowerCase()] ?? null;
}

// Past the last box Tab goes on to the next control, so that nobody is caught in the picture.
function stepOf(annotation, direction) {
  const next = annotation.neighbour(direction);
  return next ? () => annotation.select(next.id) : null;
}

function pushOf(annotation, event, [x, y]) {
  const step = event.shiftKey ? 10 : 1;
  return () => (event.altKey ? annotation.grow(x * step, y * step) : annotation.nudge(x * step, y * step));
}

function inTheMiddle(view, center) {
  const width = Math.min(view.frame.width * 0.2, view.image.width / 2);
  const height = Math.min(view.frame.height * 0.2, view.image.height / 2);
  return {
    x: Math.min(Math.max(center.x - width / 2, 0), view.image.width - width),
    y: Math.min(Math.max(center.y - height / 2, 0), view.image.height - height),
    width,
    height,
  };
}
