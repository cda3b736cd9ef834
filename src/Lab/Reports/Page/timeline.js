// The operations by process over time, on a canvas: faults as bands, the operations of a violation marked.
function timeline(host) {
  const o = data.operations, axis = 26, keyOf = new Map(o.keys.map((name, index) => [name, index]));
  const rowHeight = Math.max(5, Math.min(16, 420 / lanes.count)), top = 18 + 14 * Math.min(3, faultRows().length), height = top + lanes.count * rowHeight + axis;
  const canvas = make("canvas", { id: "timeline", style: `height:${height}px` });
  const keys = keyChoice(o.keys, name => { key = name === null ? -1 : keyOf.get(name) ?? -2; view?.redraw(); });
  let key = -1, view = null;
  host.append(tools(), canvas, legend());
  view = viewport(canvas, extent(), { draw, describe: (px, py) => { const i = find(px, py); return i < 0 ? "" : describeOperation(i); } });

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

  function draw(c) {
    const width = canvas.clientWidth;
    drawFaults(c, width);
    drawTime(c, view, { top, bottom: height - axis, width });
    drawBars(c, view, i => key === -1 || o.key[i] === key, i => {
      const x = view.x(o.call[i]);
      return { x, y: top + lanes.of.get(o.process[i]) * rowHeight + 1, width: Math.max(1, view.x(o.end[i]) - x), height: rowHeight - 2 };
    });
    c.fillStyle = colour("soft");
    for (const happening of data.happenings) {
      if (happening.at >= view.from && happening.at <= view.to) c.fillRect(view.x(happening.at), height - axis + 2, 1, 6);
    }
  }

  function drawFaults(c, width) {
    faultRows().forEach((row, number) => row.forEach(fault => {
      const left = Math.max(0, view.x(fault.start)), right = Math.min(width, Math.max(view.x(fault.end), view.x(fault.start) + 1));
      if (right < 0 || left > width) return;
      c.globalAlpha = 0.12;
      c.fillStyle = colour("band");
      c.fillRect(left, 0, right - left, height - axis);
      c.globalAlpha = 1;
      if (number < 3) c.fillText(`${fault.fault} ${fault.target}`, left + 3, 12 + 14 * number);
    }));
  }

  // The operation under the pointer; of several the one that began last.
  function find(px, py) {
    const at = view.at(px), slack = 3 / view.scale(), lane = Math.floor((py - top) / rowHeight);
    let best = -1;
    for (let i = 0; i < o.call.length; i++) {
      if (lanes.of.get(o.process[i]) === lane && o.call[i] - slack <= at && o.end[i] + slack >= at && (key === -1 || o.key[i] === key)) best = i;
    }
    return best;
  }

  function tools() {
    return make("div", { class: "tools" }, keys.element, button("whole run", () => view.whole()),
      violation ? button("show the violation", () => { keys.set(violation.key); view.show(...violation.window); }) : null,
      make("span", { class: "soft" }, "wheel: zoom · drag: move · pointer: what it was"));
  }

  function legend() {
    const entry = (name, text) => make("span", { style: `--swatch: var(--${name})` }, text);
    return make("div", { class: "legend" }, entry("ok", "answered"), entry("fail", "failed, no effect"), entry("unknown", "unknown outcome"), make("span", { class: "faint", style: "--swatch: var(--band)" }, "fault"), marked.size ? entry("mark", "shows the violation") : null);
  }
}
