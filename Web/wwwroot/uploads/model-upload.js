import { takeDrops } from './drop.js';
import { reason, send } from './send.js';

/**
 * The files of a model upload. They stay here: the circuit hears of names, sizes and progress only.
 * @param root holds an input[name=file] and an input[name=checkpoint]
 * @param page .NET object with Chosen(kind, name, bytes), Progress(sent, total), Done(status, text)
 */
export function create(root, page) {
  const files = { file: null, checkpoint: null };
  let sending = null;

  const inputs = [...root.querySelectorAll('input[type=file]')];
  const choose = (kind, file) => {
    files[kind] = file;
    page.invokeMethodAsync('Chosen', kind, file.name, file.size);
  };
  const changed = event => event.target.files.length > 0 && choose(event.target.name, event.target.files[0]);
  for (const input of inputs) input.addEventListener('change', changed);
  const leave = takeDrops(root, dropped => {
    for (const file of dropped) choose(/\.onnx$/i.test(file.name) || dropped.length === 1 && !files.file ? 'file' : 'checkpoint', file);
  });

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
      sending.done.then(answer => page.invokeMethodAsync('Done', answer.status, answer.status === 200 || answer.status === 201 ? answer.text : reason(answer)));
    },
    cancel: () => sending?.cancel(),
    dispose() {
      sending?.cancel();
      leave();
      for (const input of inputs) input.removeEventListener('change', changed);
    },
  };
}
