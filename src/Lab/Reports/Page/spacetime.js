// The space-time diagram (Lamport 1978): a life line for each node, time to the right, an arrow for each message from its sending to its receipt.
function spacetime(host) {
  const m = messages, o = data.operations, gutter = 58, axis = 26, maxAsked = 150;
  const clientsHeight = o.call.length > 0 ? Math.min(110, Math.max(22, lanes.count * 13)) + 18 : 6;
  const rowHeight = m.nodes.length <= 5 ? 84 : m.nodes.length <= 9 ? 60 : 44, choice = { key: null, shard: null, nodes: m.nodes.map(() => true), shown: families.map(() => true), lostOnly: false };
  const flags = leaderFlags(), canvas = make("canvas", { id: "spacetime" }), said = make("p", { class: "soft", id: "spacetime-said" });
  let chosen = chooseMessages(choice), longest = 0, rows = [], rowOf = [], shown = [], density = null, view = null;
  const keys = keyChoice(new Set([...m.keys, ...o.keys]), name => choose({ key: name }));
  layOut();
  host.append(tools(), canvas, chips(), said);
  view = viewport(canvas, extent(), { gutter, draw, describe });
  choose({});

  function choose(change) {
    Object.assign(choice, change);
    chosen = chooseMessages(choice);
    longest = 0;
    for (const i of chosen) longest = Math.max(longest, (m.received[i] || 0) - m.sent[i]);
    view?.redraw();
  }

  function layOut() {
    rows = m.nodes.map((_, node) => node).filter(node => choice.nodes[node]).map((node, number) => ({ node, y: clientsHeight + (number + 0.5) * rowHeight, half: rowHeight / 2 - 4 }));
    rowOf = m.nodes.map((_, node) => rows.find(row => row.node === node));
    canvas.style.height = `${clientsHeight + rows.length * rowHeight + axis}px`;
  }

  function draw(c) {
    const begun = performance.now(), width = canvas.clientWidth, bottom = clientsHeight + rows.length * rowHeight;
    drawTime(c, view, { left: gutter, top: 0, bottom, width });
    c.save();
    c.beginPath();
    c.rect(0, 0, width, bottom);
    c.clip();
    const labels = drawLifelines(c, view, rows, { left: gutter, right: width });
    c.beginPath();
    c.rect(gutter, 0, width - gutter, bottom);
    c.clip();
    shown = within();
    density = shown.length > maxArrows ? countDensity(view, rows, rowOf, shown, gutter, width) : null;
    if (density) drawDensity(c, density); else drawArrows(c, view, rowOf, shown);
    drawFlags(c, view, rows, flags);
    drawLabels(c, labels);
    c.restore();
    drawOperations(c, width);
    say();
    Object.assign(canvas.dataset, { shown: shown.length, drawn: density ? "density" : "arrows", ms: (performance.now() - begun).toFixed(1) });
  }

  // The chosen messages that are under way at some time of the window.
  function within() {
    const last = firstSentFrom(chosen, view.to), found = [];
    for (let place = firstSentFrom(chosen, view.from - longest); place < last; place++) {
      const i = chosen[place];
      if (m.sent[i] >= view.from || m.received[i] >= view.from) found.push(i);
    }
    return found;
  }

  function drawOperations(c, width) {
    if (o.call.length === 0) return;
    c.fillStyle = colour("ink");
    c.textAlign = "end";
    c.fillText("clients", gutter - 10, clientsHeight / 2);
    c.textAlign = "start";
    c.save();
    c.beginPath();
    c.rect(gutter, 0, width - gutter, clientsHeight);
    c.clip();
    drawBars(c, view, isChosen, boxOf);
    c.restore();
    const few = [];
    for (let i = 0; i < o.call.length && few.length <= maxAsked; i++) if (o.end[i] >= view.from && o.call[i] <= view.to && isChosen(i)) few.push(i);
    if (few.length <= maxAsked) for (const i of few) drawAsked(c, i);
  }

  // Of few operations: what was asked and answered, and down to the node that was asked, at the call and at the return. When it arrived there no client knows.
  function drawAsked(c, i) {
    const box = boxOf(i), row = rowOf[m.nodes.indexOf(o.nodes[o.node[i]])], lower = box.y + box.height;
    const name = `${o.ops[o.op[i]]} ${o.keys[o.key[i]]}${o.input[i] ? " " + o.input[i] : ""}${o.output[i] ? " → " + o.output[i] : ""}`, left = Math.max(gutter, box.x);
    if (box.height >= 10 && c.measureText(name).width + 6 < box.x + box.width - left) {
      c.fillStyle = colour("card");
      c.fillText(name, left + 4, lower - 2.5);
    }
    if (!row) return;
    c.strokeStyle = c.fillStyle = colour(marked.has(i) ? "mark" : ["ok", "fail", "unknown"][o.outcome[i]]);
    c.lineWidth = 1;
    c.globalAlpha = marked.has(i) ? 0.9 : 0.5;
    for (const x of [box.x, box.x + box.width]) {
      if (x < gutter) continue;
      c.setLineDash([2, 3]);
      c.beginPath();
      c.moveTo(x, lower);
      c.lineTo(x, row.y);
      c.stroke();
      c.setLineDash([]);
      c.beginPath();
      c.arc(x, row.y, 2.2, 0, 7);
      c.fill();
    }
    c.globalAlpha = 1;
  }

  function isChosen(i) { return choice.key === null || o.keys[o.key[i]] === choice.key; }

  function boxOf(i) {
    const x = view.x(o.call[i]), lane = (clientsHeight - 18) / lanes.count;
    return { x, y: 6 + lanes.of.get(o.process[i]) * lane, width: Math.max(1, view.x(o.end[i]) - x), height: Math.max(2, lane - 1) };
  }

  function findOperation(px, py) {
    const slack = 2;
    for (let i = o.call.length - 1; i >= 0; i--) {
      if (!isChosen(i)) continue;
      const box = boxOf(i);
      if (px >= box.x - slack && px <= box.x + box.width + slack && py >= box.y - 1 && py <= box.y + box.height + 1) return i;
    }
    return -1;
  }

  function describe(px, py) {
    const operation = py < clientsHeight ? findOperation(px, py) : -1;
    if (operation >= 0) return describeOperation(operation);
    if (py < clientsHeight || px < gutter) return "";
    const flag = flags.find(flag => Math.abs(view.x(flag.at) + 4 - px) < 7 && rowOf[flag.index] && py < rowOf[flag.index].y && py > rowOf[flag.index].y - 18);
    if (flag) return `${seconds(flag.at).toFixed(3)} s, ${flag.node}: ${flag.text}`;
    const arrow = density ? -1 : findArrow(view, rowOf, shown, px, py), told = arrow >= 0 ? describeMessage(arrow) : density ? describeDensity(density, view, px, py) : "";
    return told || describeFault(px, py);
  }

  function describeFault(px, py) {
    const at = view.at(px), row = rows.find(row => Math.abs(row.y - py) <= row.half);
    const fault = row && data.faults.find(fault => fault.start <= at && fault.end >= at && struck(fault).some(({ node }) => node === row.node));
    return fault ? `${fault.fault} ${fault.target}\n${seconds(fault.start).toFixed(3)} s to ${seconds(fault.end).toFixed(3)} s` : "";
  }

  function say() {
    let lost = 0;
    for (const i of shown) if (m.drop[i] > 0) lost++;
    const count = `${shown.length.toLocaleString("en")} ${shown.length === 1 ? "message" : "messages"} in this window${lost > 0 ? `, ${lost.toLocaleString("en")} of them lost` : ""}`;
    said.textContent = density ? `${count}: too many to tell apart, so each life line shows how many its node sends, by kind. Zoom in or choose a key to see arrows (up to ${maxArrows.toLocaleString("en")}).` : `${count}.`;
  }

  function tools() {
    const shards = make("select", { "aria-label": "shard" }, make("option", { value: "" }, "all shards"));
    [...new Set(m.shard)].filter(shard => shard >= 0).sort((a, b) => a - b).forEach(shard => shards.append(make("option", { value: shard }, shard === 0 ? "control plane" : "shard " + shard)));
    shards.addEventListener("change", () => choose({ shard: shards.value === "" ? null : Number(shards.value) }));
    return make("div", { class: "tools" }, keys.element, shards, button("whole run", () => view.whole()), violation ? button("show the violation", showViolation) : null,
      ...m.nodes.map((name, node) => chip(name, true, on => { choice.nodes[node] = on; layOut(); choose({}); })), chip("lost only", false, on => choose({ lostOnly: on })));
  }

  function showViolation() {
    keys.set(violation.key);
    view.show(...violation.window);
  }

  function chips() {
    const present = families.map(() => false);
    for (let i = 0; i < m.count; i++) present[m.family[i]] = true;
    return make("div", { class: "legend" }, ...families.map(([name, text], number) => !present[number] ? null : chip(text, true, on => { choice.shown[number] = on; choose({}); }, name)),
      make("span", { class: "cross" }, "lost"), make("span", { class: "open" }, "arrival not recorded"), flags.length > 0 ? make("span", { class: "flag" }, "comes to lead") : null);
  }

  // A switch that looks like what it switches.
  function chip(text, on, change, name) {
    const element = button(text, () => {
      const now = element.getAttribute("aria-pressed") !== "true";
      element.setAttribute("aria-pressed", now);
      change(now);
    });
    element.className = "chip";
    element.setAttribute("aria-pressed", on);
    if (name) element.style.setProperty("--swatch", `var(--${name})`);
    return element;
  }
}
