// Puts the page together, top down: verdict, guarantee card, evidence, then the drawings.
const report = document.getElementById("report");
report.replaceChildren(head(), card(), ...evidence());
if (data.operations.call.length > 0) {
  section("Operations", `Each line is a client, each bar an operation from its call to its answer${data.operations.all > data.operations.call.length ? `; the first ${data.operations.call.length.toLocaleString("en")} of ${data.operations.all.toLocaleString("en")} are drawn` : ""}.`, timeline);
  section("Latency", "Of what was answered, by the time of the answer; logarithmic. A gap means that nothing was answered.", latencyPlot);
  section("Throughput", "Operations a second by their outcome.", throughputPlot);
  if (data.nodes.length > 0) section("Availability", `What each node answered to the clients that asked it${data.sides.length > 0 ? ", and below that each side of a partition while it lasted" : ""}.`, availabilityPlot);
}
if (messages.count > 0) section("Messages", spacetimeText(), spacetime);
if (data.happenings.length > 0) section("What the cluster said", "Leaders, members and moves, as the nodes told them.", happenings);
document.body.append(tip);

function section(title, text, fill) {
  const host = make("section", {}, make("h2", {}, title), make("p", { class: "soft" }, text));
  report.append(host);
  fill(host);
}

function spacetimeText() {
  const kept = messages.all > messages.count ? ` ${messages.count.toLocaleString("en")} of ${messages.all.toLocaleString("en")} messages are kept: those round a violation and the rare ones first, heartbeats last.` : "";
  const missed = messages.missed > 0 ? ` ${messages.missed.toLocaleString("en")} records were lost before they could be read.` : "";
  return `A space-time diagram: time runs to the right on the life line of each node, an arrow goes from where a message was sent to where it was received. A key shows the rounds that touch it, and the elections of its shard.${kept}${missed}`;
}

function head() {
  const facts = make("dl", { class: "facts" }, ...data.facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  return make("div", {}, make("header", {}, make("div", {}, make("h1", {}, data.title), make("p", { class: "soft" }, data.question)), make("div", { class: "verdict " + data.verdict }, data.verdict)), facts);
}

// The guarantee card: what holds, what does not, which checker showed it, under which faults.
function card() {
  const faults = [...new Set(data.faults.map(fault => fault.fault))].join(", ") || "none";
  const rows = data.results.map(result => make("tr", {}, make("td", {}, result.checker), make("td", { class: "word " + result.verdict }, result.verdict), make("td", {}, result.summary), make("td", {}, faults)));
  const not = data.notPromised.map(text => make("tr", {}, make("td", {}, "not promised"), make("td", { class: "word soft" }, "—"), make("td", { colspan: 2 }, text)));
  const doubt = data.doubt ? [make("tr", {}, make("td", {}, "the run itself"), make("td", { class: "word unknown" }, "unknown"), make("td", { colspan: 2 }, data.doubt))] : [];
  return make("section", {}, make("h2", {}, "Guarantee card"), make("table", {},
    make("thead", {}, make("tr", {}, ...["checker", "verdict", "what it saw", "under"].map(name => make("th", {}, name)))), make("tbody", {}, ...doubt, ...rows, ...not)));
}

function evidence() {
  return data.results.filter(result => result.verdict !== "holds" && result.details.length > 0).map(result =>
    make("section", {}, make("h2", {}, `Why ${result.verdict}: ${result.checker}`), make("div", { class: "evidence" }, make("b", {}, result.details[0]), result.details.slice(1).join("\n"))));
}

function happenings(host) {
  host.append(make("table", {}, make("tbody", {}, ...data.happenings.slice(0, 500).map(happening =>
    make("tr", {}, make("td", { class: "word" }, seconds(happening.at).toFixed(3) + " s"), make("td", {}, happening.node), make("td", {}, happening.kind), make("td", {}, happening.text))))));
}
