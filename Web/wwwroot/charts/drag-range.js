// Dragging over a chart's plot marks a stretch of its horizontal axis; Escape or a small move gives it up.
const least = 6; // pixels

/** @param selected (from, to) => called with axis values once a stretch was marked */
export function dragRange(element, chart, selected) {
  let start = null;
  const mark = document.createElement('div');
  mark.className = 'chart-drag';
  mark.hidden = true;
  element.append(mark);

  const xOf = event => event.clientX - element.getBoundingClientRect().left;
  const inPlot = event => chart.containPixel('grid', [xOf(event), event.clientY - element.getBoundingClientRect().top]);
  const valueAt = x => chart.convertFromPixel({ xAxisIndex: 0 }, x);

  function end() {
    start = null;
    mark.hidden = true;
  }

  function down(event) {
    if (event.button !== 0 || !event.isPrimary || event.pointerType === 'touch' || !inPlot(event)) return;
    start = xOf(event);
    element.setPointerCapture(event.pointerId);
  }

  function move(event) {
    if (start === null) return;
    const x = xOf(event);
    mark.hidden = Math.abs(x - start) < least;
    mark.style.left = `${Math.min(x, start)}px`;
    mark.style.width = `${Math.abs(x - start)}px`;
  }

  function up(event) {
    if (start === null) return;
    const [from, to] = [start, xOf(event)].sort((a, b) => a - b);
    end();
    if (to - from >= least) selected(valueAt(from), valueAt(to));
  }

  const cancel = event => event.key === 'Escape' && end();
  const listeners = [[element, 'pointerdown', down], [element, 'pointermove', move], [element, 'pointerup', up], [element, 'pointercancel', end], [document, 'keydown', cancel]];
  for (const [target, name, listener] of listeners) target.addEventListener(name, listener);
  return () => {
    for (const [target, name, listener] of listeners) target.removeEventListener(name, listener);
    mark.remove();
  };
}
