import { takeDrops } from './drop.js';
import { reason, send } from './send.js';

/**
 * The files of a model upload. They stay here: the circuit hears of names, sizes and progress only.
 * @param root holds an input[name=file] and an input[name=checkpoint], each in an element with its name as data-kind
 * @param page .NET object with Chosen(kind, name, bytes), Progress(sent, total), Done(status, text, cancelled, whole)
 */
export function create(root, page) {
  const files = { file: null, checkpoint: null };
  let sending = null;
  let left = false;

  const inputs = [...root.querySelectorAll('input[type=file]')];
  const choose = (kind, file) => {
    files[kind] = file;
    page.invokeMethodAsync('Chosen', kind, file.name, file.size);
  };
  const changed = event => event.target.files.length > 0 && choose(event.target.name, event.target.files[0]);
  for (const input of inputs) input.addEventListener('change', changed);
  const leave = takeDrops(root, (dropped, target) => {
    const places = assign(dropped, target.closest('[data-kind]')?.dataset.kind);
    for (const [kind, file] of Object.entries(places)) choose(kind, file);
  }, () => sending === null);

  return {
    forget(kind) {
      files[kind] = null;
      for (const input of inputs) if (input.name === kind) input.value = '';
    },
    start(address, token, name, spec) {
      const form = new FormData();
      form.append('name', name);
      if (spec) form.append('spec', spec);
      form.append('file', files.file);
      if (files.checkpoint) form.append('checkpoint', files.checkpoint);
      sending = send(address, token, form, { progress: (sent, total) => page.invokeMethodAsync('Progress', sent, total) });
      sending.done.then(answer => {
        sending = null;
        if (left) return;
        const text = answer.status === 200 || answer.status === 201 ? answer.text : reason(answer);
        page.invokeMethodAsync('Done', answer.status, text, answer.cancelled, answer.whole);
      });
    },
    cancel: () => sending?.cancel(),
    dispose() {
      left = true;
      sending?.cancel();
      leave();
      for (const input of inputs) input.removeEventListener('change', changed);
    },
  };
}

/** Which dropped file goes where: a single one into the box that it was dropped on; else the first of each kind, told by the extension. */
function assign(dropped, box) {
  if (box && dropped.length === 1) return { [box]: dropped[0] };
  const places = {};
  for (const file of dropped) places[/\.onnx$/i.test(file.name) ? 'file' : 'checkpoint'] ??= file;
  return places;
}
