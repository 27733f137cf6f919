/**
 * Makes an element take files that are dropped on it, with the class `dropping` while something is held over it.
 * @param take gets the files and the element that they were dropped on
 * @param ready false = they are not taken now
 */
export function takeDrops(element, take, ready = () => true) {
  let depth = 0;
  const over = held => element.classList.toggle('dropping', held && ready());
  const on = {
    dragenter: () => over(++depth > 0),
    dragleave: () => over(--depth > 0),
    dragover: event => { event.dataTransfer.dropEffect = ready() ? 'copy' : 'none'; },
    drop: event => {
      over((depth = 0) > 0);
      if (ready() && event.dataTransfer.files.length > 0) take([...event.dataTransfer.files], event.target);
    },
  };
  const listeners = Object.entries(on).map(([name, handle]) => [name, event => { event.preventDefault(); handle(event); }]);
  for (const [name, listener] of listeners) element.addEventListener(name, listener);
  return () => { for (const [name, listener] of listeners) element.removeEventListener(name, listener); };
}
