/** Makes an element take files that are dropped on it, with the class `dropping` while something is held over it. */
export function takeDrops(element, take) {
  let depth = 0;
  const over = held => element.classList.toggle('dropping', held);
  const on = {
    dragenter: () => over(++depth > 0),
    dragleave: () => over(--depth > 0),
    dragover: event => { event.dataTransfer.dropEffect = 'copy'; },
    drop: event => {
      over((depth = 0) > 0);
      if (event.dataTransfer.files.length > 0) take([...event.dataTransfer.files]);
    },
  };
  const listeners = Object.entries(on).map(([name, handle]) => [name, event => { event.preventDefault(); handle(event); }]);
  for (const [name, listener] of listeners) element.addEventListener(name, listener);
  return () => { for (const [name, listener] of listeners) element.removeEventListener(name, listener); };
}
