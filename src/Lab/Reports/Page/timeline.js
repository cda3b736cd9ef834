// The operations by process over time, on a canvas: faults as bands, the operations of a violation marked. Wheel zooms, dragging moves, a double click shows all.
const maxLanes = 40;

function timeline(host) {
  const o = data.operations, whole = extent(), lanes = packLanes();
  const rowHeight = Math.max(5, Math.min(16, 420 / lanes.count)), top = 18 + 14 * Math.min(3, faultRows().length), height = top + lanes.count * rowHeight + 26;
  const canvas = make("canvas", { style: `height:${height}px` });
  const marked = new Set(data.results.flatMap(result => result.piece));
  let [from, to] = whole, key = -1, drag = null;
  host.append(tools(), canvas, legend());
  const scale = () => canvas.clientWidth / (to - from), x = at => (at - from) * scale();

  // A process that ended with an unknown outcome makes room for its successor: as few lanes as clients. Those for whom none is left share the last one.
  function packLanes() {
    const spans = new Map();
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
  }

  // Labels of faults that overlap stand in rows of their own.
  function faultRows() {
    const rows = [];
    for (const fault of data.faults) {
      let row = rows.find(row => row.at(-1).end <= fault.start);
      if (!row) rows.push(row = []);
      row.push(fault);
    }
    return rows;
  }

  function draw() {
    const ratio = devicePixelRatio || 1, width = canvas.clientWidth;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const c = canvas.getContext("2d");
    c.scale(ratio, ratio);
    c.font = "11px system-ui, 'DejaVu Sans', sans-serif";
    drawFaults(c, width);
    drawTime(c, width);
    const colours = [colour("ok"), colour("fail"), colour("unknown")];
    for (let i = 0; i < o.call.length; i++) {
      if (o.end[i] < from || o.call[i] > to || (key >= 0 && o.key[i] !== key)) continue;
      const left = x(o.call[i]), y = top + lanes.of.get(o.process[i]) * rowHeight;
      c.fillStyle = colours[o.outcome[i]];
      c.fillRect(left, y + 1, Math.max(1, x(o.end[i]) - left), rowHeight - 2);
    }
    c.strokeStyle = c.fillStyle = colour("mark");
    c.lineWidth = 2;
    for (const i of marked) {
      const left = x(o.call[i]), y = top + lanes.of.get(o.process[i]) * rowHeight;
      c.strokeRect(left - 2, y - 1, Math.max(3, x(o.end[i]) - left) + 4, rowHeight + 2);
    }
    for (const happening of data.happenings) {
      if (happening.at < from || happening.at > to) continue;
      c.fillStyle = colour("soft");
      c.fillRect(x(happening.at), height - 24, 1, 6);
    }
  }

  function drawFaults(c, width) {
    faultRows().forEach((row, number) => row.forEach(fault => {
      const left = Math.max(0, x(fault.start)), right = Math.min(width, Math.max(x(fault.end), x(fault.start) + 1));
      if (right < 0 || left > width) return;
      c.globalAlpha = 0.12;
      c.fillStyle = colour("band");
      c.fillRect(left, 0, right - left, height - 26);
      c.globalAlpha = 1;
      if (number < 3) c.fillText(`${fault.fault} ${fault.target}`, left + 3, 12 + 14 * number);
    }));
  }

  function drawTime(c, width) {
    const { marks, digits } = ticks(from, to, width / 110);
    c.strokeStyle = colour("line");
    c.fillStyle = colour("soft");
    c.lineWidth = 1;
    for (const at of marks) {
      c.beginPath();
      c.moveTo(x(at), top);
      c.lineTo(x(at), height - 26);
      c.stroke();
      c.fillText(seconds(at).toFixed(digits) + " s", x(at) + 2, height - 6);
    }
  }

  // The operation under the pointer; of several the one that began last.
  function find(px, py) {
    const at = from + px / scale(), slack = 3 / scale(), lane = Math.floor((py - top) / rowHeight);
    let best = -1;
    for (let i = 0; i < o.call.length; i++) {
      if (lanes.of.get(o.process[i]) === lane && o.call[i] - slack <= at && o.end[i] + slack >= at && (key < 0 || o.key[i] === key)) best = i;
    }
    return best;
  }

  function describe(i) {
    const input = o.input[i] ? ` (${o.input[i]})` : "", output = o.output[i] ? ` → ${o.output[i]}` : "", node = o.nodes[o.node[i]];
    return `process ${o.process[i]}: ${o.ops[o.op[i]]} ${o.keys[o.key[i]]}${input}${output}\n${["ok", "failed: no effect", "unknown: it may have taken effect"][o.outcome[i]]}${node ? ", asked " + node : ""}\n`
      + `${seconds(o.call[i]).toFixed(4)} s to ${seconds(o.end[i]).toFixed(4)} s, ${duration(o.end[i] - o.call[i])}`;
  }

  function tools() {
    const keys = make("select", { "aria-label": "key" }, make("option", { value: -1 }, "all keys"));
    o.keys.map((name, index) => [name, index]).sort((a, b) => a[0].localeCompare(b[0], "en", { numeric: true })).forEach(([name, index]) => keys.append(make("option", { value: index }, name)));
    keys.addEventListener("change", () => { key = Number(keys.value); draw(); });
    const all = make("button", { type: "button" }, "whole run");
    all.addEventListener("click", () => { [from, to] = whole; draw(); });
    const jump = make("button", { type: "button" }, "show the violation");
    jump.addEventListener("click", () => {
      const piece = [...marked], first = Math.min(...piece.map(i => o.call[i])), last = Math.max(...piece.map(i => o.end[i]));
      key = o.key[piece[0]];
      keys.value = key;
      [from, to] = [first - (last - first) * 0.2 - 100, last + (last - first) * 0.2 + 100];
      draw();
    });
    return make("div", { class: "tools" }, keys, all, marked.size ? jump : null, make("span", { class: "soft" }, "wheel: zoom · drag: move · pointer: what it was"));
  }

  function legend() {
    const entry = (name, text) => make("span", { style: `--swatch: var(--${name})` }, text);
    return make("div", { class: "legend" }, entry("ok", "answered"), entry("fail", "failed, no effect"), entry("unknown", "unknown outcome"), make("span", { class: "faint", style: "--swatch: var(--band)" }, "fault"), marked.size ? entry("mark", "shows the violation") : null);
  }

  canvas.addEventListener("wheel", event => {
    event.preventDefault();
    const at = from + event.offsetX / scale(), factor = event.deltaY > 0 ? 1.25 : 0.8;
    [from, to] = [Math.max(whole[0], at - (at - from) * factor), Math.min(whole[1], at + (to - at) * factor)];
    draw();
  }, { passive: false });
  canvas.addEventListener("pointerdown", event => { drag = { px: event.offsetX, from, to }; canvas.setPointerCapture(event.pointerId); canvas.classList.add("dragging"); });
  canvas.addEventListener("pointerup", () => { drag = null; canvas.classList.remove("dragging"); });
  canvas.addEventListener("pointerleave", event => showTip(event, ""));
  canvas.addEventListener("dblclick", () => { [from, to] = whole; draw(); });
  canvas.addEventListener("pointermove", event => {
    if (!drag) {
      const i = find(event.offsetX, event.offsetY);
      showTip(event, i < 0 ? "" : describe(i));
      return;
    }
    const by = Math.max(whole[0] - drag.from, Math.min(whole[1] - drag.to, (drag.px - event.offsetX) / scale()));
    [from, to] = [drag.from + by, drag.to + by];
    draw();
  });
  new ResizeObserver(draw).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
