// Sends an archive by plain HTTP and tells a .NET component how far it is: a circuit is no place for gigabytes.
import { send } from '../uploads/send.js';

const most = 30; // findings that are shown; a message to the server has at most 32 KB
let current = null;

/**
 * @param form with the file, the fields for the query and the antiforgery token
 * @param listener gets Progress(share) and Ended(status, body, cancelled, whole); status 0 = no answer came, whole = all bytes had left
 */
export function upload(form, listener) {
  const fields = new FormData(form);
  const file = fields.get('file');
  const query = new URLSearchParams();
  for (const name of ['name', 'baselineDays']) if (fields.get(name)) query.set(name, fields.get(name));
  if (!query.has('name')) query.set('name', file.name.replace(/\.zip$/i, ''));
  const mine = send(`${form.getAttribute('action')}?${query}`, fields.get('__RequestVerificationToken') ?? '', file,
    { type: 'application/zip', progress: (sent, total) => listener.invokeMethodAsync('Progress', sent / total) });
  current = mine;
  mine.done.then(answer => {
    if (current !== mine) return; // the page was left
    current = null;
    listener.invokeMethodAsync('Ended', answer.status, shorten(answer.text), answer.cancelled, answer.whole);
  });
}

export function stop() {
  current?.cancel();
}

/** Ends the upload without telling anybody. */
export function leave() {
  const mine = current;
  current = null;
  mine?.cancel();
}

const cut = text => (typeof text === 'string' && text.length > 300 ? `${text.slice(0, 300)}…` : text);

function shorten(body) {
  try {
    const answer = JSON.parse(body);
    if (!answer.findings) return body;
    answer.findings = answer.findings.slice(0, most).map(finding => ({ ...finding, file: cut(finding.file), problem: cut(finding.problem) }));
    return JSON.stringify({ ...answer, detail: cut(answer.detail) });
  } catch {
    return body.slice(0, 2000);
  }
}
