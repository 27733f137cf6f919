const stages = [['queue', 'waiting for a turn'], ['decode', 'decoding and resizing'], ['inference', 'the model'], ['postprocess', 'boxes from its output']];

const element = (name, className, ...children) => {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
};

export function clear(part) {
  for (const name of ['boxes', 'list', 'timings']) part[name].replaceChildren();
  for (const name of ['count', 'model', 'json', 'heard', 'failure']) part[name].textContent = '';
}

/** What does not depend on the slider: model, timings, the answer itself. */
export function showAnswer(part, result) {
  const [image] = result.images;
  const total = stages.reduce((sum, [name]) => sum + image.speedMs[name], 0);
  part.model.textContent = `${result.model.name} v${result.model.version} · ${image.width} × ${image.height} px · request ${result.requestId}`;
  part.timings.replaceChildren(...stages.map(([name, title]) => row(name, title, image.speedMs[name], total)), row('total', 'in the service', total, total),
    row('upload', 'from here to the service: no part of the latency', image.speedMs.upload ?? 0, 0));
  part.json.textContent = JSON.stringify(result, null, 2);
}

function row(name, title, milliseconds, total) {
  const bar = element('span', 'bar');
  bar.style.width = `${total > 0 ? (100 * milliseconds) / total : 0}%`;
  const made = element('tr', name === 'total' ? 'total' : '', element('td', 'nowrap', name), element('td', 'track', bar), element('td', 'number', `${milliseconds.toFixed(1)} ms`));
  made.title = title;
  return made;
}

/** The boxes above the slider, by class. */
export function showBoxes(part, boxes, total) {
  part.count.textContent = boxes.length === total ? `${total} ${total === 1 ? 'box' : 'boxes'}` : `${boxes.length} of ${total} boxes`;
  const classes = Map.groupBy(boxes, box => box.class);
  part.list.replaceChildren(...[...classes.values()].map(group => {
    const best = Math.max(...group.map(box => box.confidence));
    return element('tr', '',
      element('td', 'nowrap', element('span', `swatch class-${group[0].class % 9}`), ` ${group[0].name}`),
      element('td', 'number', `${group.length}`), element('td', 'number', best.toFixed(2)));
  }));
}

/** What a person hears of the boxes. */
export function heard(boxes) {
  if (boxes.length === 0) return 'No boxes.';
  const groups = [...Map.groupBy(boxes, box => box.name)].map(([name, group]) => `${group.length} ${name}`);
  return `${boxes.length} ${boxes.length === 1 ? 'box' : 'boxes'}: ${groups.join(', ')}.`;
}
