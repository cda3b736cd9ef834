// What every drawing needs: elements, colours of the style sheet, time in words, a tip under the pointer.
const data = JSON.parse(document.getElementById("data").textContent);
const seconds = us => us / 1e6;
const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const tip = make("div", { id: "tip" });

function make(name, attributes = {}, ...children) {
  const svg = ["svg", "path", "line", "rect", "text", "g", "title"].includes(name);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter(child => child !== null));
  return element;
}

function duration(us) {
  if (us >= 1e6) return seconds(us).toFixed(us < 1e7 ? 2 : 1) + " s";
  if (us >= 1e3) return (us / 1e3).toFixed(us < 1e4 ? 1 : 0) + " ms";
  return us + " µs";
}

// Round steps (1, 2, 5 times a power of ten) so that about `count` of them fit into `span`.
function step(span, count) {
  const rough = span / count, power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map(factor => factor * power).find(value => value >= rough);
}

function ticks(from, to, count) {
  const by = step(to - from, count), marks = [];
  for (let at = Math.ceil(from / by) * by; at <= to; at += by) marks.push(at);
  return { marks, digits: Math.max(0, -Math.floor(Math.log10(by / 1e6))) };
}

function showTip(event, text) {
  tip.textContent = text;
  tip.style.display = text ? "block" : "none";
  tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
  tip.style.top = Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8) + "px";
}

// The whole run, with a little room at both ends.
function extent() {
  const o = data.operations, ends = data.faults.flatMap(fault => [fault.start, fault.end]);
  let first = Infinity, last = 0;
  for (let i = 0; i < o.call.length; i++) { first = Math.min(first, o.call[i]); last = Math.max(last, o.end[i]); }
  for (const at of ends) { first = Math.min(first, at); last = Math.max(last, at); }
  if (first >= last) return [0, Math.max(1, last)];
  return [first - (last - first) * 0.01, last + (last - first) * 0.01];
}
