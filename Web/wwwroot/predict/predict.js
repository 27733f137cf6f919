import { drawBoxes } from '../frames/boxes.js';
import { takeDrops } from '../uploads/drop.js';
import { reason, send } from '../uploads/send.js';
import { clear, heard, showAnswer, showBoxes } from './answer.js';

// No answer, too late, too many, or broken: the same picture may go through next time.
const mayHelp = status => status === 0 || status === 408 || status === 429 || status >= 500;

/**
 * Tries a picture on a deployment. Picture and answer stay in the browser: a slider need not ask anybody.
 * @param root the bench; its parts are marked with data-part
 * @param options { address, token, confidence, lowest }
 */
export function create(root, options) {
  const part = Object.fromEntries([...root.querySelectorAll('[data-part]')].map(element => [element.dataset.part, element]));
  let image = null;
  let sending = null;
  let last = null; // the files of the last try
  let turn = 0; // counts tries: what belongs to an earlier one no longer counts

  const say = (state, text = '') => {
    root.dataset.state = state;
    part.message.textContent = text;
  };

  const shown = () => (image?.boxes ?? []).filter(box => box.confidence >= part.confidence.valueAsNumber);

  const draw = () => {
    part.threshold.textContent = part.confidence.valueAsNumber.toFixed(2);
    if (!image) return;
    drawBoxes(part.boxes, image, shown());
    showBoxes(part, shown(), image.boxes.length);
  };

  // Once a slider rests: each of its steps would be too much to listen to.
  const tell = () => { if (image) part.heard.textContent = heard(shown()); };

  const post = (confidence, more) => send(`${options.address}?conf=${confidence}${more ? '&annotate=true' : ''}`, options.token, last[0],
    { type: last[0].type || 'application/octet-stream', headers: { 'X-Camera': 'web' }, blob: more });

  async function show(file, mine) {
    // The browser's own decoder turns by EXIF, as the service does; what it cannot read is shown without its picture.
    try {
      const bitmap = await createImageBitmap(file);
      if (mine !== turn) return bitmap.close();
      [part.picture.width, part.picture.height] = [bitmap.width, bitmap.height];
      part.picture.getContext('2d').drawImage(bitmap, 0, 0);
      bitmap.close();
    } catch {
      if (mine !== turn) return;
      [part.picture.width, part.picture.height] = [640, 360];
    }
  }

  async function take(files) {
    const mine = ++turn;
    const [file] = files;
    last = files;
    sending?.cancel();
    image = null;
    clear(part);
    part.name.textContent = files.length > 1 ? `1 of ${files.length}: ${file.name}. One picture at a time; the others were left out.` : file.name;
    say('sending', `Sending ${file.name} …`);
    await show(file, mine);
    if (mine !== turn) return;
    sending = post(options.lowest, false);
    const answer = await sending.done;
    if (mine !== turn) return;
    if (answer.status !== 200) {
      part.again.hidden = !mayHelp(answer.status);
      return say('refused', reason(answer));
    }
    const result = JSON.parse(answer.text);
    image = result.images[0];
    if (part.picture.width !== image.width) [part.picture.width, part.picture.height] = [image.width, image.height];
    say('answered');
    showAnswer(part, result);
    draw();
    tell();
  }

  // The service draws it, with the boxes from the slider's confidence on.
  async function download() {
    const mine = turn;
    part.download.disabled = true;
    const answer = await post(part.confidence.valueAsNumber, true).done;
    part.download.disabled = false;
    if (mine !== turn) return;
    part.failure.textContent = answer.status === 200 ? '' : reason(answer);
    if (answer.status !== 200) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(answer.blob);
    link.download = `${last[0].name.replace(/\.[^.]*$/, '')}-boxes.jpg`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  const changed = () => {
    const files = [...part.file.files];
    part.file.value = ''; // or the same picture could not be chosen again
    if (files.length > 0) take(files);
  };
  const again = () => last && take(last);
  const observer = new ResizeObserver(draw);
  observer.observe(part.boxes);
  const listeners = [
    [part.file, 'change', changed], [part.confidence, 'input', draw], [part.confidence, 'change', tell], [part.again, 'click', again], [part.download, 'click', download],
  ];
  for (const [element, name, listener] of listeners) element.addEventListener(name, listener);
  const leave = takeDrops(root, take);
  part.confidence.valueAsNumber = options.confidence;
  draw();
  say('empty');

  return {
    dispose() {
      turn++;
      sending?.cancel();
      observer.disconnect();
      leave();
      for (const [element, name, listener] of listeners) element.removeEventListener(name, listener);
    },
  };
}
