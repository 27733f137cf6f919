import { drawBoxes } from '../frames/boxes.js';
import { takeDrops } from '../uploads/drop.js';
import { reason, send } from '../uploads/send.js';
import { clear, showAnswer, showBoxes } from './answer.js';

/**
 * Tries a picture on a deployment. Picture and answer stay in the browser: a slider need not ask anybody.
 * @param root the bench; its parts are marked with data-part
 * @param options { address, token, confidence }
 */
export function create(root, options) {
  const part = Object.fromEntries([...root.querySelectorAll('[data-part]')].map(element => [element.dataset.part, element]));
  let image = null;
  let sending = null;
  let turn = 0; // counts pictures: what belongs to an earlier one no longer counts

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

  async function take([file]) {
    const mine = ++turn;
    sending?.cancel();
    image = null;
    clear(part);
    say('sending', `Sending ${file.name} …`);
    await show(file, mine);
    if (mine !== turn) return;
    sending = send(options.address, options.token, file, { type: file.type || 'application/octet-stream', headers: { 'X-Camera': 'web' } });
    const answer = await sending.done;
    if (mine !== turn) return;
    if (answer.status !== 200) return say('refused', reason(answer));
    const result = JSON.parse(answer.text);
    image = result.images[0];
    if (part.picture.width !== image.width) [part.picture.width, part.picture.height] = [image.width, image.height];
    say('answered');
    showAnswer(part, result);
    draw();
  }

  const changed = () => part.file.files.length > 0 && take(part.file.files);
  const observer = new ResizeObserver(draw);
  observer.observe(part.boxes);
  part.file.addEventListener('change', changed);
  part.confidence.addEventListener('input', draw);
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
      part.file.removeEventListener('change', changed);
      part.confidence.removeEventListener('input', draw);
    },
  };
}
