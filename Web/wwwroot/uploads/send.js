// Sends a body by plain HTTP with the page's antiforgery token. XMLHttpRequest because fetch tells no progress of an upload.
/**
 * @param progress called with (bytes sent, bytes in all), at most five times a second and at the end
 * @param blob the answer's body is wanted as a Blob where it is not JSON
 * @returns { done: Promise<{ status, text, blob, cancelled, whole }>, cancel() }; status 0 = no answer came, whole = all bytes had left
 */
export function send(address, token, body, { type, headers, progress, blob = false } = {}) {
  const request = new XMLHttpRequest();
  let [told, whole, cancelled] = [0, false, false];
  request.upload.onprogress = event => {
    const now = performance.now();
    if (!progress || (now - told < 200 && event.loaded < event.total)) return;
    told = now;
    progress(event.loaded, event.total);
  };
  request.upload.onload = () => { whole = true; };
  const done = new Promise(resolve => {
    request.onloadend = async () => {
      const answer = blob ? request.response : null;
      resolve({ status: request.status, text: blob ? await answer?.text() ?? '' : request.responseText, blob: answer, cancelled, whole });
    };
  });
  request.open('POST', address);
  if (blob) request.responseType = 'blob';
  request.setRequestHeader('RequestVerificationToken', token);
  if (type) request.setRequestHeader('Content-Type', type);
  for (const [name, value] of Object.entries(headers ?? {})) request.setRequestHeader(name, value);
  request.send(body);
  return {
    done,
    cancel() {
      cancelled = true;
      request.abort();
    },
  };
}

/** The sentence of an answer that refuses. */
export function reason({ status, text }) {
  if (status === 0) return 'The connection broke off before an answer came.';
  try {
    const problem = JSON.parse(text);
    if (problem.detail ?? problem.title) return problem.detail ?? problem.title;
  } catch {
    // no problem+json
  }
  return `Web answered ${status} without a reason.`;
}
