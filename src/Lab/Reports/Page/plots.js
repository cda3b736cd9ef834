// Plots over time as SVG: lines on a logarithmic axis, stacked areas, and one strip for each node. Faults stand behind all of them.
const plot = { width: 1070, left: 58, right: 10, bottom: 22 };

function frame(height) {
  const [from, to] = extent(), x = at => plot.left + (at - from) / (to - from) * (plot.width - plot.left - plot.right);
  const svg = make("svg", { class: "plot", viewBox: `0 0 ${plot.width} ${height}`, role: "img" });
  for (const fault of data.faults) {
    svg.append(make("rect", { class: "band", x: x(fault.start), y: 0, width: Math.max(1.5, x(fault.end) - x(fault.start)), height: height - plot.bottom }, make("title", {}, `${fault.fault} ${fault.target}`)));
  }
  const { marks, digits } = ticks(from, to, 9);
  for (const at of marks) svg.append(make("text", { x: x(at), y: height - 7, "text-anchor": "middle" }, seconds(at).toFixed(digits) + " s"));
  return { svg, x };
}

function axis(svg, y, label) {
  svg.append(make("line", { class: "grid", x1: plot.left, x2: plot.width - plot.right, y1: y, y2: y }), make("text", { x: plot.left - 6, y: y + 4, "text-anchor": "end" }, label));
}

// A window without answers breaks a line: nothing was measured there.
function latencyPlot(host) {
  const height = 230, { svg, x } = frame(height), w = data.windows;
  const all = [...w.p50, ...w.max].filter(us => us > 0), low = Math.log10(Math.max(1, Math.min(...all))), high = Math.log10(Math.max(...all)) + 0.05;
  const y = us => height - plot.bottom - (Math.log10(us) - low) / Math.max(0.3, high - low) * (height - plot.bottom - 10);
  const factors = high - low < 2 ? [1, 2, 5] : [1];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const us of factors.map(factor => factor * 10 ** power)) if (Math.log10(us) >= low && Math.log10(us) <= high) axis(svg, y(us), duration(us));
  }
  for (const name of ["max", "p99", "p95", "p50"]) {
    let path = "", pen = "M";
    w[name].forEach((us, i) => {
      if (us > 0) path += `${pen}${x(w.start[i] + w.width / 2).toFixed(1)} ${y(us).toFixed(1)}`;
      pen = us > 0 ? "L" : "M";
    });
    svg.append(make("path", { d: path, fill: "none", stroke: `var(--${name})`, "stroke-width": name === "max" ? 1 : 1.8 }));
  }
  host.append(svg, swatches([["p50", "median"], ["p95", "95 %"], ["p99", "99 %"], ["max", "slowest"]]));
}

function throughputPlot(host) {
  const height = 170, { svg, x } = frame(height), w = data.windows, rate = count => count * 1e6 / w.width;
  const most = rate(Math.max(1, ...w.ok.map((ok, i) => ok + w.failed[i] + w.unknown[i]))), y = value => height - plot.bottom - value / most * (height - plot.bottom - 12);
  for (let at = 0, by = step(most, 4); at <= most; at += by) axis(svg, y(at), at >= 1000 ? at / 1000 + " k/s" : at + "/s");
  const base = w.ok.map(() => 0);
  for (const [series, name] of [["ok", "ok"], ["failed", "fail"], ["unknown", "unknown"]]) {
    const upper = w[series].map((count, i) => base[i] + rate(count));
    const edge = values => values.map((value, i) => `L${x(w.start[i]).toFixed(1)} ${y(value).toFixed(1)}L${x(w.start[i] + w.width).toFixed(1)} ${y(value).toFixed(1)}`);
    if (w[series].some(count => count > 0)) svg.append(make("path", { d: "M" + (edge(upper).join("") + edge(base).map(flip).reverse().join("")).slice(1) + "Z", fill: `var(--${name})`, opacity: 0.75 }));
    upper.forEach((value, i) => { base[i] = value; });
  }
  host.append(svg, swatches([["ok", "answered"], ["fail", "failed, no effect"], ["unknown", "unknown outcome"]]));
}

// A lower edge is drawn from right to left: the two corners of each window change places.
function flip(corners) {
  const [, first, second] = corners.split("L");
  return `L${second}L${first}`;
}

function availabilityPlot(host) {
  const row = 26, sides = data.sides, height = (data.nodes.length + 1.55 * sides.length) * row + plot.bottom + 6, { svg, x } = frame(height);
  [...data.nodes, ...sides].forEach((node, number) => {
    // A side's words need a line of their own: they stand above its strip.
    const isSide = number >= data.nodes.length, top = 4 + number * row + (isSide ? (number - data.nodes.length + 1) * 0.55 * row : 0);
    const ok = sum(node.ok), share = ok / (ok + sum(node.not)), said = `${node.who}: ${(Math.floor(share * 1000) / 10).toFixed(1)} % of ${(ok + sum(node.not)).toLocaleString("en")} answered`;
    svg.append(isSide ? make("text", { x: plot.left, y: top - 4 }, said) : make("text", { x: plot.left - 6, y: top + 13, "text-anchor": "end" }, node.who, make("title", {}, said)));
    node.start.forEach((start, i) => {
      const asked = node.ok[i] + node.not[i];
      if (asked === 0) return;
      const name = node.not[i] === 0 ? "good" : node.ok[i] === 0 ? "fail" : "unknown";
      const bar = make("rect", { x: x(start), y: top, width: Math.max(0.6, x(start + node.width) - x(start)), height: row - 8, fill: `var(--${name})` }, make("title", {}, `${node.who}, ${seconds(start).toFixed(2)} s: ${node.ok[i]} answered, ${node.not[i]} not`));
      svg.append(bar);
    });
  });
  host.append(svg, swatches([["good", "all answered"], ["unknown", "some answered"], ["fail", "none answered"]]));
}

const sum = numbers => numbers.reduce((all, number) => all + number, 0);

function swatches(entries) {
  return make("div", { class: "legend" }, ...entries.map(([name, text]) => make("span", { style: `--swatch: var(--${name})` }, text)));
}
