// Sends an archive by plain HTTP and tells a .NET component how far it is: a circuit is no place for gigabytes.
const pause = 250; // ms between two messages
const most = 30; // findings that are shown; a message to the server has at most 32 KB
let current = null;

/** @param form with the file, the fields for the query and the antiforgery token; @param listener gets Progress(share) and Ended(status, body) */
export function upload(form, listener) {
  const fields = new FormData(form);
  const file = fields.get('file');
  const query = new URLSearchParams();
  for (const name of ['name', 'baselineDays']) if (fields.get(name)) query.set(name, fields.get(name));
  if (!query.has('name')) query.set('name', file.name.replace(/\.zip$/i, ''));
  const request = new XMLHttpRequest();
  current = request;
  let told = 0;
  request.upload.onprogress = event => {
    if (!event.lengthComputable || (event.timeStamp - told < pause && event.loaded < event.total)) return;
    told = event.timeStamp;
    listener.invokeMethodAsync('Progress', event.loaded / event.total);
  };
  const end = (status, body) => {
    if (current === request) current = null;
    listener.invokeMethodAsync('Ended', status, body);
  };
  request.onload = () => end(request.status, shorten(request.responseText));
  request.onerror = () => end(0, 'The connection broke off. Upload it again; what was sent is gone.');
  request.onabort = () => end(0, 'Stopped. Nothing was kept.');
  request.open('POST', `${form.getAttribute('action')}?${query}`);
  request.setRequestHeader('Content-Type', 'application/zip');
  request.setRequestHeader('RequestVerificationToken', fields.get('__RequestVerificationToken') ?? '');
  request.send(file);
}

export function stop() {
  current?.abort();
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
