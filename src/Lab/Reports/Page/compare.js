// The comparison of storage modes: the table that textbooks print as adjectives, as it was measured.
const report = JSON.parse(document.getElementById("data").textContent);
const host = document.getElementById("report");
const modes = report.modes;
const modelColours = { linearizable: "good", sequential: "append", session: "election", eventual: "unknown", none: "fail" };

function make(name, attributes = {}, ...children) {
  const svg = ["svg", "path", "line", "rect", "circle", "text", "g", "title"].includes(name);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(key, value);
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

const number = (value, digits = 0) => value === null || value === undefined ? "–" : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = share => share === null || share === undefined ? "–" : share > 0 && share < 0.0095 ? (100 * share).toFixed(2) + " %" : Math.round(100 * share) + " %";
const loadAt = (mode, nodes) => mode.loads.find(load => load.nodes === nodes);
const cuts = mode => mode.faults.filter(fault => fault.fault.startsWith("cut"));
const lowest = (faults, side) => faults.map(fault => fault[side]).filter(share => share !== null).reduce((least, share) => least === null ? share : Math.min(least, share), null);

function section(title, words, ...content) {
  host.append(make("section", {}, make("h2", {}, title), make("p", { class: "soft" }, words), ...content));
}

function table(heads, rows) {
  const head = make("tr", {}, ...heads.map(([text, isNumber, hint]) => make("th", { class: isNumber ? "number" : null, title: hint ?? null }, text)));
  return make("div", { class: "scroll" }, make("table", { class: "measured" }, make("thead", {}, head), make("tbody", {}, ...rows)));
}

const cell = text => make("td", {}, text);
const amount = (text, hint) => make("td", { class: "number", title: hint ?? null }, text);

function measuredTable() {
  const heads = [
    ["mode"], ["claims"], ["strongest found"], ["verdict"], ["ops/s", true, "3 nodes, half reads, half writes"], ["5 : 3 nodes", true], ["write p50", true], ["write p99", true], ["read p99", true],
    ["cut-off node", true, "served under a cut"], ["other side", true], ["lost", true, "acknowledged writes"], ["stale", true], ["oldest", true], ["converged", true], ["msgs get", true, "counted / theory"], ["msgs put", true], ["code", true],
  ];
  return table(heads, modes.map(mode => {
    const three = loadAt(mode, 3), five = loadAt(mode, 5), safety = mode.safety, cost = mode.cost, broken = cuts(mode);
    return make("tr", {},
      make("td", { class: "word", title: mode.claim }, mode.slug), cell(mode.claimedModel),
      make("td", { title: safety?.why ?? null }, safety?.strongest ?? "–"),
      make("td", { class: "word " + mode.verdict, title: mode.failed ?? null }, mode.verdict),
      amount(number(three?.perSecond)), amount(three && five && three.perSecond > 0 ? (five.perSecond / three.perSecond).toFixed(2) : "–"),
      amount(three ? number(three.writeP50Ms, 2) + " ms" : "–"), amount(three ? number(three.writeP99Ms, 1) + " ms" : "–"), amount(three ? number(three.readP99Ms, 1) + " ms" : "–"),
      amount(percent(lowest(broken, "struck"))), amount(percent(lowest(broken, "others"))),
      amount(safety ? number(safety.lost) : "–", safety ? `of ${number(safety.acknowledged)} acknowledged` : null),
      amount(safety ? percent(safety.staleShare) : "–"), amount(safety && safety.staleShare > 0 ? number(safety.staleMaxMs) + " ms" : "–"),
      amount(safety ? safety.convergedAfterSeconds === null ? "no" : number(safety.convergedAfterSeconds, 1) + " s" : "–"),
      amount(cost ? `${number(cost.get, 1)} / ${number(cost.getTheory, 1)}` : "–", cost?.why), amount(cost ? `${number(cost.put, 1)} / ${number(cost.putTheory, 1)}` : "–", cost?.why),
      amount(number(mode.linesOfCode)));
  }));
}

function textbookTable() {
  const columns = ["scalability", "consistency", "availability", "latency"];
  return table([["mode"], ...columns.flatMap(column => [[column], ["measured"]])], modes.map(mode => make("tr", {},
    make("td", { class: "word", title: mode.textbook.source }, mode.slug),
    ...columns.flatMap(column => {
      const remark = mode.remarks.find(known => known.column === column), mark = remark.agrees === null ? "" : remark.agrees ? "✓ " : "✗ ";
      return [cell(remark.printed), make("td", { class: remark.agrees === null ? null : remark.agrees ? "agrees" : "contradicts", style: "white-space: normal; min-width: 130px" }, mark + remark.measured)];
    }))));
}

// What consistency costs: how much the side without a majority serves, against how long a write takes.
function tradeOffPlot() {
  const dots = modes.map(mode => ({ mode, x: loadAt(mode, 3)?.writeP50Ms, y: lowest(cuts(mode), "struck") })).filter(dot => dot.x > 0 && dot.y !== null);
  return dotPlot(dots.map(dot => ({ x: dot.x, y: dot.y, name: dot.mode.slug, colour: modelColours[dot.mode.safety?.strongest ?? "none"], hint: `${dot.mode.slug}: a write takes ${dot.x} ms, the cut-off node serves ${percent(dot.y)}` })), "write, median", "served by the cut-off node");
}

function dotPlot(dots, xWords, yWords, yMost = 1) {
  const width = 560, height = 330, left = 52, right = 24, top = 14, bottom = 34;
  const svg = make("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img" });
  if (dots.length === 0) return make("p", { class: "soft" }, "Nothing was measured.");
  const low = Math.log10(Math.min(...dots.map(dot => dot.x))) - 0.15, high = Math.log10(Math.max(...dots.map(dot => dot.x))) + 0.35;
  const x = value => left + (Math.log10(value) - low) / (high - low) * (width - left - right), y = value => height - bottom - value / yMost * (height - top - bottom);
  for (let i = 0; i <= 4; i++) {
    svg.append(make("line", { class: "grid", x1: left, x2: width - right, y1: y(yMost * i / 4), y2: y(yMost * i / 4) }), make("text", { x: left - 6, y: y(yMost * i / 4) + 4, "text-anchor": "end" }, percent(yMost * i / 4)));
  }
  for (let power = Math.floor(low); power <= high; power++) {
    for (const factor of [1, 2, 5]) {
      const value = factor * 10 ** power;
      if (Math.log10(value) >= low && Math.log10(value) <= high) svg.append(make("text", { x: x(value), y: height - bottom + 15, "text-anchor": "middle" }, value >= 1 ? value + " ms" : Math.round(value * 1000) + " µs"));
    }
  }
  svg.append(make("text", { x: width - right, y: height - 4, "text-anchor": "end" }, xWords), make("text", { x: left, y: top - 3 }, yWords));
  const taken = [];
  for (const dot of [...dots].sort((a, b) => a.x - b.x)) {
    let at = y(dot.y) + 4;
    while (taken.some(other => Math.abs(other.at - at) < 13 && Math.abs(other.x - x(dot.x)) < 110)) at += at > height / 2 ? -13 : 13;
    taken.push({ at, x: x(dot.x) });
    svg.append(make("circle", { class: "dot", cx: x(dot.x), cy: y(dot.y), r: 6, fill: `var(--${dot.colour})` }, make("title", {}, dot.hint)), make("text", { class: "name", x: x(dot.x) + 9, y: at }, dot.name));
  }
  return svg;
}

function throughputPlot() {
  const width = 560, bar = 9, gap = 12, left = 150, rows = modes.filter(mode => mode.loads.length > 0);
  const row = report.sizes.length * bar + gap, height = rows.length * row + 24, most = Math.max(1, ...rows.flatMap(mode => mode.loads.map(load => load.perSecond)));
  const svg = make("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img" }), shades = [0.4, 0.7, 1];
  rows.forEach((mode, index) => {
    const top = 10 + index * row;
    svg.append(make("text", { class: "name", x: left - 8, y: top + row / 2, "text-anchor": "end" }, mode.slug));
    mode.loads.forEach((load, i) => svg.append(
      make("rect", { x: left, y: top + i * bar, width: Math.max(1, load.perSecond / most * (width - left - 70)), height: bar - 1.5, fill: "var(--ok)", opacity: shades[i % 3] }, make("title", {}, `${mode.slug}, ${load.nodes} nodes: ${number(load.perSecond)} a second`)),
      make("text", { x: left + load.perSecond / most * (width - left - 70) + 5, y: top + i * bar + 8 }, `${number(load.perSecond)}/s`)));
  });
  return make("div", {}, svg, make("div", { class: "legend" }, ...report.sizes.map((nodes, i) => make("span", { style: `--swatch: color-mix(in srgb, var(--ok) ${100 * shades[i % 3]}%, transparent)` }, `${nodes} nodes`))));
}

function messagesPlot() {
  const width = 560, left = 150, row = 30, rows = modes.filter(mode => mode.cost), height = rows.length * row + 30;
  const most = Math.max(1, ...rows.flatMap(mode => [mode.cost.get, mode.cost.put, mode.cost.getTheory, mode.cost.putTheory])), x = value => left + value / most * (width - left - 40);
  const svg = make("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img" });
  for (let at = 0; at <= most; at += Math.max(1, Math.ceil(most / 8))) svg.append(make("line", { class: "grid", x1: x(at), x2: x(at), y1: 4, y2: height - 22 }), make("text", { x: x(at), y: height - 8, "text-anchor": "middle" }, at));
  rows.forEach((mode, index) => {
    const cost = mode.cost, y = 18 + index * row;
    svg.append(make("text", { class: "name", x: left - 12, y: y + 5, "text-anchor": "end" }, mode.slug));
    for (const [counted, theory, name, at] of [[cost.get, cost.getTheory, "ok", y - 5], [cost.put, cost.putTheory, "unknown", y + 7]]) {
      svg.append(make("line", { x1: x(Math.min(counted, theory)), x2: x(Math.max(counted, theory)), y1: at, y2: at, stroke: "var(--soft)" }),
        make("circle", { class: "theory", cx: x(theory), cy: at, r: 5 }), make("circle", { cx: x(counted), cy: at, r: 3.6, fill: `var(--${name})` }, make("title", {}, `${mode.slug}: ${counted} counted, ${theory} by theory. ${cost.why}`)));
    }
  });
  return make("div", {}, svg, make("div", { class: "legend" }, make("span", { style: "--swatch: var(--ok)" }, "get, counted"), make("span", { style: "--swatch: var(--unknown)" }, "put, counted"), make("span", { class: "open" }, "theory")));
}

function shade(share) {
  return share === null ? "transparent" : `color-mix(in srgb, var(--good) ${Math.round(100 * share)}%, var(--fail))`;
}

function faultTable() {
  const names = modes.find(mode => mode.faults.length > 0)?.faults.map(fault => fault.fault) ?? [];
  const rows = modes.filter(mode => mode.faults.length > 0).map(mode => make("tr", {}, make("td", { class: "word" }, mode.slug), ...mode.faults.flatMap(fault => [
    make("td", { class: "cell", style: `background: color-mix(in srgb, ${shade(fault.struck)} 45%, transparent)`, title: `${fault.target}, for ${fault.seconds} s` }, fault.struck === null ? "dead" : percent(fault.struck)),
    make("td", { class: "cell", style: `background: color-mix(in srgb, ${shade(fault.others)} 45%, transparent)` }, percent(fault.others) + (fault.recoveredAfterSeconds === null ? ", not until it ended" : fault.recoveredAfterSeconds > 0 ? `, again after ${fault.recoveredAfterSeconds.toFixed(1)} s` : "")),
  ])));
  return table([["mode"], ...names.flatMap(name => [[name], ["the others"]])], rows);
}

function dialSections() {
  for (const mode of modes.filter(known => known.dial.length > 1)) {
    const most = Math.max(0.02, ...mode.dial.map(point => point.staleShare)) * 1.1;
    const points = mode.dial.map(point => ({ x: Math.max(0.05, point.readP99Ms), y: point.staleShare, name: point.dial, colour: modelColours[point.claimedModel] ?? "unknown", hint: `${point.dial}: read p99 ${point.readP99Ms} ms, write p99 ${point.writeP99Ms} ms, ${percent(point.staleShare)} stale` }));
    section(`The dial of ${mode.slug}`, "One node's links take 20 ms longer. Each point is one setting: how long its reads take, and what share of them is stale.", make("div", { class: "pair" },
      dotPlot(points, "read, p99", "stale reads", most),
      table([["dial"], ["claims"], ["ops/s", true], ["read p99", true], ["write p99", true], ["stale", true], ["median age", true]], mode.dial.map(point => make("tr", {},
        make("td", { class: "word" }, point.dial), cell(point.claimedModel), amount(number(point.perSecond)), amount(number(point.readP99Ms, 1) + " ms"), amount(number(point.writeP99Ms, 1) + " ms"), amount(percent(point.staleShare)), amount(point.staleShare > 0 ? number(point.staleP50Ms, 1) + " ms" : "–"))))));
  }
}

function legendOfModels() {
  return make("div", { class: "legend" }, ...Object.entries(modelColours).map(([model, name]) => make("span", { style: `--swatch: var(--${name})` }, model)));
}

const contradictions = modes.flatMap(mode => mode.remarks.filter(remark => remark.agrees === false).map(remark => `${mode.slug}: printed "${remark.printed}" ${remark.column}; measured: ${remark.measured}`));
host.append(make("header", {}, make("div", {}, make("h1", {}, "Ways to keep data on several machines, measured"),
  make("p", { class: "soft" }, `${modes.length} storage modes under one workload and one schedule of faults. ${report.date}; ${report.machine}; ${report.seconds} s a measurement, seed ${report.seed}.`))));
section("The table", "What textbooks print as adjectives. All nodes run on one machine and share its processors: compare the rows, not the figures with other machines.", measuredTable());
host.append(make("div", { class: "pair" }, make("section", {}, make("h2", {}, "What consistency costs"), make("p", { class: "soft" }, "Further left: quicker writes. Further up: the node that is cut off from the majority still serves."), tradeOffPlot(), legendOfModels()),
  make("section", {}, make("h2", {}, "Throughput"), make("p", { class: "soft" }, "A closed loop, half reads, half writes."), throughputPlot())));
section("Under each fault", "The share of operations that was served: at the node that was struck, and at the others; and after how long the others served everything again.", faultTable());
section("Messages for one operation", "Counted between the nodes, without faults, beside what the protocol needs by theory.", make("div", { class: "pair" }, messagesPlot()));
dialSections();
section("Textbook and measurement", contradictions.length === 0 ? "No measurement contradicts what is printed." : `${contradictions.length} measurements contradict what is printed.`, textbookTable());
for (const mode of modes.filter(known => known.failed)) host.append(make("div", { class: "evidence" }, `${mode.slug} was not measured to the end: ${mode.failed}`));
