// Arrow keys in a group of buttons that are radios: they move to the next one and choose it, as native radios do.
const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

document.addEventListener('keydown', event => {
  const radio = event.target.closest?.('button[role=radio]');
  const step = steps[event.key];
  if (!radio || !step || event.ctrlKey || event.altKey || event.metaKey) return;
  const radios = [...radio.closest('[role=radiogroup]').querySelectorAll('button[role=radio]:not(:disabled)')];
  const next = radios[(radios.indexOf(radio) + step + radios.length) % radios.length];
  event.preventDefault();
  next.focus();
  next.click();
});
