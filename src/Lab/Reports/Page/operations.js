// The clients' operations: in which lane each stands, what one was in words, and which show a violation.
const maxLanes = 40;
const marked = new Set(data.results.flatMap(result => result.piece));

// A process that ended with an unknown outcome makes room for its successor: as few lanes as clients. Those for whom none is left share the last one.
const lanes = (() => {
  const o = data.operations, spans = new Map();
  for (let i = 0; i < o.process.length; i++) {
    const span = spans.get(o.process[i]) ?? { from: Infinity, to: 0 };
    spans.set(o.process[i], { from: Math.min(span.from, o.call[i]), to: Math.max(span.to, o.end[i]) });
  }
  const free = [], of = new Map();
  for (const [process, span] of [...spans].sort((a, b) => a[1].from - b[1].from)) {
    let lane = free.findIndex(until => until <= span.from);
    if (lane < 0) lane = free.length < maxLanes ? free.push(0) - 1 : maxLanes - 1;
    free[lane] = Math.max(free[lane], span.to);
    of.set(process, lane);
  }
  return { of, count: Math.max(1, free.length) };
})();

function describeOperation(i) {
  const o = data.operations, input = o.input[i] ? ` (${o.input[i]})` : "", output = o.output[i] ? ` → ${o.output[i]}` : "", node = o.nodes[o.node[i]];
  return `process ${o.process[i]}: ${o.ops[o.op[i]]} ${o.keys[o.key[i]]}${input}${output}\n${["ok", "failed: no effect", "unknown: it may have taken effect"][o.outcome[i]]}${node ? ", asked " + node : ""}\n`
    + `${seconds(o.call[i]).toFixed(4)} s to ${seconds(o.end[i]).toFixed(4)} s, ${duration(o.end[i] - o.call[i])}`;
}

// Where a violation is to be seen: its key, and when. Null where there is none to show.
const violation = marked.size === 0 ? null : (() => {
  const o = data.operations, piece = [...marked];
  return { key: o.keys[o.key[piece[0]]], window: around(Math.min(...piece.map(i => o.call[i])), Math.max(...piece.map(i => o.end[i]))) };
})();

// Draws operations as bars. Of those that would fall on one pixel of one lane, one of each outcome is drawn: no more can be seen.
function drawBars(c, view, keep, boxOf) {
  const o = data.operations, drawn = new Map();
  ["ok", "fail", "unknown"].forEach((name, outcome) => {
    c.fillStyle = colour(name);
    drawn.clear();
    for (let i = 0; i < o.call.length; i++) {
      if (o.outcome[i] !== outcome || o.end[i] < view.from || o.call[i] > view.to || !keep(i)) continue;
      const { x, y, width, height } = boxOf(i);
      if (width <= 1 && drawn.get(y) === Math.floor(x)) continue;
      drawn.set(y, Math.floor(x + width - 1));
      c.fillRect(x, y, width, height);
    }
  });
  c.strokeStyle = colour("mark");
  c.lineWidth = 2;
  for (const i of marked) {
    const { x, y, width, height } = boxOf(i);
    if (keep(i)) c.strokeRect(x - 2, y - 2, Math.max(3, width) + 4, height + 4);
  }
}

function keyChoice(names, choose) {
  const keys = make("select", { "aria-label": "key" }, make("option", { value: "" }, "all keys"));
  [...names].sort((a, b) => a.localeCompare(b, "en", { numeric: true })).forEach(name => keys.append(make("option", { value: " " + name }, name)));
  keys.addEventListener("change", () => choose(keys.value === "" ? null : keys.value.slice(1)));
  return { element: keys, set: name => { keys.value = name === null ? "" : " " + name; choose(name); } };
}

function button(text, click) {
  const element = make("button", { type: "button" }, text);
  element.addEventListener("click", () => click(element));
  return element;
}
