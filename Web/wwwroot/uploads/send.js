// Sends a body by plain HTTP with the page's antiforgery token. XMLHttpRequest because fetch tells no progress of an upload.
/**
 * @param progress called with (bytes sent, bytes in all), at most five times a second and at the end
 * @returns { done: Promise<{ status, text }>, cancel() }; status 0 = no answer came
 */
export function send(address, token, body, { type, headers, progress } = {}) {
  const request = new XMLHttpRequest();
  let told = 0;
  request.upload.onprogress = event => {
    const now = performance.now();
    if (!progress || (now - told < 200 && event.loaded < event.total)) return;
    told = now;
    progress(event.loaded, event.total);
  };
  const done = new Promise(resolve => {
    request.onloadend = () => resolve({ status: request.status, text: request.responseText });
  });
  request.open('POST', address);
  request.setRequestHeader('RequestVerificationToken', token);
  if (type) request.setRequestHeader('Content-Type', type);
  for (const [name, value] of Object.entries(headers ?? {})) request.setRequestHeader(name, value);
  request.send(body);
  return { done, cancel: () => request.abort() };
}

/** The sentence of an answer that refuses. */
export function reason({ status, text }) {
  if (status === 0) return 'The upload was cut off before an answer came. Try again.';
  try {
    const problem = JSON.parse(text);
    if (problem.detail ?? problem.title) return problem.detail ?? problem.title;
  } catch {
    // no problem+json
  }
  return `Web answered ${status} without a reason.`;
}
