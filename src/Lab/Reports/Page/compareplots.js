// The plots of a comparison: what consistency costs, throughput, messages, dials. Each is one SVG that scales with the page.
const modelColours = { linearizable: "good", sequential: "append", session: "election", "bounded-staleness": "actor", eventual: "unknown", "strong-eventual": "unknown", none: "fail" };

function make(name, attributes = {}, ...children) {
  const svg = ["svg", "path", "line", "rect", "circle", "text", "g", "title"].includes(name);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(key, value);
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

const number = (value, digits = 0) => value === null || value === undefined ? "–" : value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = share => share === null || share === undefined ? "–" : share > 0 && share < 0.0095 ? (100 * share).toFixed(2) + " %" : Math.round(100 * share) + " %";
const plot = (width, height, words) => make("svg", { class: "plot", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words });
const colourOf = model => `var(--${modelColours[model] ?? "unknown"})`;

// Upper left is where everybody would like to be: quick writes, and answers on every side of a cut.
function tradeOffPlot(dots) {
  const width = 1120, height = 400, left = 58, right = 150, top = 34, bottom = 44;
  if (dots.length === 0) return make("p", { class: "soft" }, "Nothing was measured.");
  const svg = plot(width, height, "Median write latency against the share that a cut-off node serves");
  const low = Math.log10(Math.min(...dots.map(dot => dot.x))) - 0.08, high = Math.log10(Math.max(...dots.map(dot => dot.x))) + 0.08;
  const x = value => left + (Math.log10(value) - low) / (high - low) * (width - left - right), y = share => height - bottom - 14 - share * (height - top - bottom - 28);
  for (let i = 0; i <= 4; i++) svg.append(make("line", { class: "grid", x1: left, x2: width - 14, y1: y(i / 4), y2: y(i / 4) }), make("text", { x: left - 8, y: y(i / 4) + 4, "text-anchor": "end" }, percent(i / 4)));
  for (let power = Math.floor(low); power <= high; power++) {
    for (const factor of [1, 1.5, 2, 3, 5, 7]) {
      const value = factor * 10 ** power;
      if (Math.log10(value) >= low && Math.log10(value) <= high) svg.append(make("line", { class: "grid", x1: x(value), x2: x(value), y1: top, y2: height - bottom }), make("text", { x: x(value), y: height - bottom + 17, "text-anchor": "middle" }, `${Number(value.toPrecision(2))} ms`));
    }
  }
  svg.append(make("text", { class: "axis", x: width - 14, y: height - 8, "text-anchor": "end" }, "a write takes (median) →"), make("text", { class: "axis", x: 12, y: 18 }, "↑ the cut-off node serves"));
  const taken = dots.map(dot => ({ at: y(dot.y), from: x(dot.x) - 9, to: x(dot.x) + 9 }));
  for (const dot of [...dots].sort((a, b) => a.x - b.x || a.name.localeCompare(b.name))) {
    const atX = x(dot.x), atY = y(dot.y), wide = 7.2 * dot.name.length;
    const free = [0, -16, 16, -32, 32, -48, 48, -64, 64].map(shift => atY + shift).find(at => at > 12 && at < height - bottom + 4 && !taken.some(other => Math.abs(other.at - at) < 15 && atX + 11 < other.to && other.from < atX + 11 + wide)) ?? atY;
    taken.push({ at: free, from: atX + 11, to: atX + 11 + wide });
    svg.append(make("line", { class: "leader", x1: atX, y1: atY, x2: atX + 10, y2: free }), make("circle", { class: "dot", cx: atX, cy: atY, r: 7, fill: colourOf(dot.model) }, make("title", {}, dot.hint)), make("text", { class: "name", x: atX + 12, y: free + 4.5 }, dot.name));
  }
  return svg;
}

function throughputPlot(modes, sizes) {
  const width = 560, bar = 13, gap = 13, left = 150, rows = modes.filter(mode => mode.loads.length > 0), row = sizes.length * bar + gap, height = rows.length * row + 16;
  const most = Math.max(1, ...rows.flatMap(mode => mode.loads.map(load => load.perSecond))), shades = [0.35, 0.65, 1], svg = plot(width, height, "Operations a second by mode and cluster size");
  rows.forEach((mode, index) => {
    const top = 10 + index * row;
    svg.append(make("text", { class: "name", x: left - 8, y: top + sizes.length * bar / 2 + 4, "text-anchor": "end" }, mode.slug));
    mode.loads.forEach((load, i) => {
      const long = load.perSecond / most * (width - left - 80), refused = load.perSecond === 0 || load.writeP50Ms === 0 || load.refused > 0.05 * load.perSecond;
      svg.append(make("rect", { x: left, y: top + i * bar, width: Math.max(1, refused ? 1 : long), height: bar - 2, fill: "var(--ok)", opacity: sizes.includes(load.nodes) ? shades[i % 3] : 1 }, make("title", {}, `${mode.slug}, ${load.nodes} nodes: ${number(load.perSecond)} a second, ${number(load.refused)} refused`)),
        make("text", { x: left + (refused ? 1 : long) + 5, y: top + i * bar + 9.5 }, (refused ? "refused" : number(load.perSecond)) + (sizes.includes(load.nodes) ? "" : ` (${load.nodes} nodes)`)));
    });
  });
  return make("div", {}, svg, make("div", { class: "legend" }, ...sizes.map((nodes, i) => make("span", { style: `--swatch: color-mix(in srgb, var(--ok) ${100 * shades[i % 3]}%, transparent)` }, nodes === 1 ? "1 node" : `${nodes} nodes`))));
}

function messagesPlot(modes) {
  const width = 560, left = 150, row = 34, rows = modes.filter(mode => mode.cost), height = rows.length * row + 34;
  const most = Math.max(1, ...rows.flatMap(mode => [mode.cost.get, mode.cost.put, mode.cost.getTheory, mode.cost.putTheory])), x = value => left + value / most * (width - left - 30), svg = plot(width, height, "Messages for one operation, counted and by theory");
  for (let at = 0; at <= most; at += Math.max(1, Math.ceil(most / 8))) svg.append(make("line", { class: "grid", x1: x(at), x2: x(at), y1: 6, y2: height - 24 }), make("text", { x: x(at), y: height - 9, "text-anchor": "middle" }, at));
  rows.forEach((mode, index) => {
    const cost = mode.cost, y = 20 + index * row;
    svg.append(make("text", { class: "name", x: left - 14, y: y + 5, "text-anchor": "end" }, mode.slug));
    for (const [counted, theory, name, at] of [[cost.get, cost.getTheory, "ok", y - 6], [cost.put, cost.putTheory, "unknown", y + 8]]) {
      svg.append(make("line", { x1: x(Math.min(counted, theory)), x2: x(Math.max(counted, theory)), y1: at, y2: at, stroke: "var(--soft)" }),
        make("circle", { class: "theory", cx: x(theory), cy: at, r: 5.5 }), make("circle", { cx: x(counted), cy: at, r: 3.8, fill: `var(--${name})` }, make("title", {}, `${mode.slug}: ${counted} counted, ${number(theory, 2)} by theory. ${cost.why}`)));
    }
  });
  return make("div", {}, svg, make("div", { class: "legend" }, make("span", { style: "--swatch: var(--ok)" }, "get, counted"), make("span", { style: "--swatch: var(--unknown)" }, "put, counted"), make("span", { class: "open" }, "theory")));
}

// A row for each setting, what it claims, and four figures as bars: so r and w can be read against what they cost, and what they risk.
function dialPlot(points) {
  const width = 1120, row = 26, top = 30, left = 330, panel = (width - left) / 4, height = top + points.length * row + 8, svg = plot(width, height, "Each setting of the dial: reads, writes, stale share, throughput");
  const panels = [["read, p99", point => point.readP99Ms, value => number(value, 1) + " ms", "ok"], ["write, p99", point => point.writeP99Ms, value => number(value, 1) + " ms", "p95"], ["stale reads", point => point.staleShare, percent, "fail"], ["operations a second", point => point.perSecond, value => number(value), "max"]];
  panels.forEach(([words, value, text, colour], i) => {
    const from = left + i * panel, most = Math.max(1e-9, ...points.map(value));
    svg.append(make("text", { class: "axis", x: from, y: 18 }, words), make("line", { class: "grid", x1: from, x2: from, y1: top - 6, y2: height - 8 }));
    points.forEach((point, at) => {
      const long = value(point) / most * (panel - 84), y = top + at * row;
      svg.append(make("rect", { x: from, y, width: Math.max(1, long), height: row - 12, fill: `var(--${colour})`, opacity: 0.85 }, make("title", {}, `${point.dial}: ${words} ${text(value(point))}`)), make("text", { x: from + Math.max(1, long) + 6, y: y + 11.5 }, text(value(point))));
    });
  });
  points.forEach((point, at) => svg.append(make("circle", { cx: 12, cy: top + at * row + 7, r: 5, fill: colourOf(point.claimedModel) }), make("text", { class: "name", x: 24, y: top + at * row + 11.5 }, point.dial), make("text", { x: left - 12, y: top + at * row + 11.5, "text-anchor": "end" }, point.claimedModel)));
  return svg;
}

function legendOfModels(models) {
  return make("div", { class: "legend" }, ...Object.keys(modelColours).filter(model => models.includes(model)).map(model => make("span", { style: `--swatch: ${colourOf(model)}` }, model)));
}
