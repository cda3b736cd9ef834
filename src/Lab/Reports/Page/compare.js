// The comparison of storage modes: the table that textbooks print as adjectives, as it was measured. compareplots.js draws.
const report = JSON.parse(document.getElementById("data").textContent);
const host = document.getElementById("report");
const modes = report.modes;
// Three nodes, as most modes; what cannot be had with so many is shown at the size that it has.
const usualLoad = mode => mode.loads.find(load => load.nodes === 3) ?? mode.loads[0];
const cuts = mode => mode.faults.filter(fault => fault.fault.startsWith("cut"));
const lowest = (faults, side) => faults.map(fault => fault[side]).filter(share => share !== null).reduce((least, share) => least === null ? share : Math.min(least, share), null);
const killed = mode => mode.faults.find(fault => fault.fault === "kill the owner");

function section(title, words, ...content) {
  const made = make("section", {}, make("h2", {}, title), make("p", { class: "soft" }, words), ...content);
  host.append(made);
  return made;
}

function table(name, heads, rows) {
  return make("div", { class: "scroll" }, make("table", { class: "measured " + name }, make("thead", {}, ...heads.map(head => make("tr", {}, ...head.map(([text, style, hint, across]) => make("th", { class: style ?? null, title: hint ?? null, colspan: across ?? null }, text))))), make("tbody", {}, ...rows)));
}

const cell = (text, hint) => make("td", { title: hint ?? null }, text);
const amount = (text, hint) => make("td", { class: "number", title: hint ?? null }, text);

function measuredTable() {
  const heads = [
    ["mode"], ["claims"], ["strongest found"], ["verdict"], ["ops/s", "number", "3 nodes unless it says otherwise, half reads, half writes"], ["write p50", "number"], ["write p99", "number"], ["cut-off node serves", "number", "the lowest share while a node was cut off"],
    ["the others serve", "number"], ["owner killed: again after", "number"], ["lost", "number", "acknowledged writes"], ["stale reads", "number"], ["together after", "number", "after the last write, until all nodes said the same"], ["lines of code", "number"],
  ];
  return table("main", [heads], modes.map(mode => {
    const load = usualLoad(mode), safety = mode.safety, broken = cuts(mode), owner = killed(mode);
    return make("tr", {},
      make("td", { class: "word", title: mode.claim }, mode.slug), cell(mode.claimedModel), cell(safety?.strongest ?? "–", safety?.why), make("td", { class: "word " + mode.verdict, title: mode.failed ?? null }, mode.verdict),
      amount(number(load?.perSecond) + (load && load.nodes !== 3 ? ` (${load.nodes} nodes)` : "")), amount(load ? number(load.writeP50Ms, 2) + " ms" : "–"), amount(load ? number(load.writeP99Ms, 1) + " ms" : "–", load ? `reads: ${load.readP99Ms} ms` : null),
      amount(percent(lowest(broken, "struck"))), amount(percent(lowest(broken, "others"))), amount(owner ? owner.recoveredAfterSeconds === null ? "not before it came back" : number(owner.recoveredAfterSeconds, 1) + " s" : "–"),
      amount(safety ? number(safety.lost) : "–", safety ? `of ${number(safety.acknowledged)} acknowledged` : null), amount(safety ? percent(safety.staleShare) : "–", safety && safety.staleShare > 0 ? `up to ${number(safety.staleMaxMs)} ms old` : null),
      amount(safety ? safety.convergedAfterSeconds === null ? "never" : number(safety.convergedAfterSeconds, 1) + " s" : "–"), amount(number(mode.linesOfCode)));
  }));
}

function shade(share) {
  return share === null ? "transparent" : `color-mix(in srgb, color-mix(in srgb, var(--good) ${Math.round(100 * share)}%, var(--fail)) 42%, transparent)`;
}

function faultTable() {
  const names = modes.find(mode => mode.faults.length > 0)?.faults.map(fault => fault.fault) ?? [];
  const again = fault => fault.recoveredAfterSeconds === null ? "not until it ended" : fault.recoveredAfterSeconds > 0 ? `again after ${fault.recoveredAfterSeconds.toFixed(1)} s` : "";
  const rows = modes.filter(mode => mode.faults.length > 0).map(mode => make("tr", {}, make("td", { class: "word" }, mode.slug), ...mode.faults.flatMap(fault => [
    make("td", { class: "cell", style: `background: ${shade(fault.struck)}`, title: `${fault.target}, for ${fault.seconds} s` }, fault.struck === null ? "dead" : percent(fault.struck)),
    make("td", { class: "cell last", style: `background: ${shade(fault.others)}` }, percent(fault.others), make("small", {}, again(fault)))])));
  return table("faults", [[["mode"], ...names.map(name => [name, "cell", null, 2])], [[""], ...names.flatMap(() => [["struck", "cell"], ["others", "cell"]])]], rows);
}

function textbookTable() {
  const columns = ["scalability", "consistency", "availability", "latency"];
  return table("books", [[["mode"], ...columns.flatMap(column => [[column], ["measured"]])]], modes.map(mode => make("tr", {},
    make("td", { class: "word", title: mode.textbook.source }, mode.slug),
    ...columns.flatMap(column => {
      const remark = mode.remarks.find(known => known.column === column), mark = remark.agrees === null ? "" : remark.agrees ? "✓ " : "✗ ";
      return [cell(remark.printed), make("td", { class: remark.agrees === null ? null : remark.agrees ? "agrees" : "contradicts" }, mark + remark.measured)];
    }))));
}

host.append(make("header", {}, make("div", {}, make("h1", {}, "Ways to keep data on several machines, measured"),
  make("p", { class: "soft" }, `${modes.length} storage modes under one workload and one schedule of faults. ${report.date}; ${report.machine}; ${report.seconds} s a measurement, seed ${report.seed}.`))));
const dots = modes.map(mode => ({ x: usualLoad(mode)?.writeP50Ms, y: lowest(cuts(mode), "struck"), name: mode.slug, model: mode.safety?.strongest ?? "none" })).filter(dot => dot.x > 0 && dot.y !== null).map(dot => ({ ...dot, hint: `${dot.name}: a write takes ${dot.x} ms, the cut-off node serves ${percent(dot.y)}; found ${dot.model}` }));
section("What consistency costs", "Each point is a mode: how long its writes take without faults, and how much a node serves that is cut off from the others. The colour is the strongest model that its history under faults satisfies.", tradeOffPlot(dots), legendOfModels(dots.map(dot => dot.model)));
section("The table", "What textbooks print as adjectives. All nodes run on one machine and share its processors: compare the rows, not the figures with other machines.", measuredTable());
section("Under each fault", "The share of operations that was served: at the node that was struck, and at the others; and after how long the others served everything again.", faultTable());
host.append(make("div", { class: "pair" }, make("section", {}, make("h2", {}, "Throughput"), make("p", { class: "soft" }, "Operations a second of a closed loop, half reads, half writes."), throughputPlot(modes, report.sizes)),
  make("section", {}, make("h2", {}, "Messages for one operation"), make("p", { class: "soft" }, "Counted between three nodes without faults, beside what the protocol needs by theory."), messagesPlot(modes))));
for (const mode of modes.filter(known => known.dial.length > 1)) {
  section(`The dial of ${mode.slug}`, "One node's links take 20 ms longer, so that what is asked of other nodes shows.", dialPlot(mode.dial), legendOfModels(mode.dial.map(point => point.claimedModel)));
}
const contradictions = modes.flatMap(mode => mode.remarks.filter(remark => remark.agrees === false)).length;
section("Textbook and measurement", contradictions === 0 ? "No measurement contradicts what is printed." : `${contradictions} measurements contradict what is printed.`, textbookTable());
for (const mode of modes.filter(known => known.failed)) host.append(make("div", { class: "evidence" }, `${mode.slug} was not measured to the end: ${mode.failed}`));
