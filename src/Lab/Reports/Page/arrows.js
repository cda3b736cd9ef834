// Messages between life lines: as arrows while there are few enough to be told apart, and as a density when there are more.
const maxArrows = 4000, maxHeads = 1500, binWidth = 3;

// Where an arrow ends. A message that was lost on its sender's side gets no further than a cross near it; one whose arrival nobody recorded ends on the way.
function arrowOf(view, rowOf, i) {
  const m = messages, from = rowOf[m.from[i]], to = rowOf[m.to[i]], x1 = view.x(m.sent[i]), arrived = !Number.isNaN(m.received[i]), lost = m.drop[i] > 0;
  if (arrived) return { x1, y1: from.y, x2: view.x(m.received[i]), y2: to.y, lost, open: false };
  const part = lost ? 0.3 : 0.55;
  return { x1, y1: from.y, x2: x1 + 10, y2: from.y + (to.y - from.y) * part, lost, open: !lost };
}

function drawArrows(c, view, rowOf, shown) {
  const arrows = families.map(() => []);
  for (const i of shown) arrows[messages.family[i]].push(arrowOf(view, rowOf, i));
  // Heartbeats first, so that what matters more lies above them.
  const order = families.map((_, number) => number).sort((a, b) => (families[b][0] === "heartbeat") - (families[a][0] === "heartbeat"));
  for (const number of order) {
    c.strokeStyle = c.fillStyle = colour(families[number][0]);
    c.lineWidth = 1.2;
    c.globalAlpha = families[number][0] === "heartbeat" ? 0.55 : 0.9;
    c.beginPath();
    for (const arrow of arrows[number]) { c.moveTo(arrow.x1, arrow.y1); c.lineTo(arrow.x2, arrow.y2); }
    c.stroke();
    if (shown.length <= maxHeads) {
      c.beginPath();
      for (const arrow of arrows[number]) if (!arrow.lost && !arrow.open) arrowHead(c, arrow);
      c.fill();
      c.lineWidth = 1;
      c.beginPath();
      for (const arrow of arrows[number]) if (arrow.open) { c.moveTo(arrow.x2 + 2.5, arrow.y2); c.arc(arrow.x2, arrow.y2, 2.5, 0, 7); }
      c.stroke();
    }
  }
  c.globalAlpha = 1;
  c.strokeStyle = colour("fail");
  for (const family of arrows) for (const arrow of family) if (arrow.lost) drawCross(c, arrow.x2, arrow.y2, 3.5);
}

function arrowHead(c, { x1, y1, x2, y2 }) {
  const angle = Math.atan2(y2 - y1, x2 - x1), size = 6.5, wing = 0.42;
  c.moveTo(x2, y2);
  c.lineTo(x2 - size * Math.cos(angle - wing), y2 - size * Math.sin(angle - wing));
  c.lineTo(x2 - size * Math.cos(angle + wing), y2 - size * Math.sin(angle + wing));
}

// How many each node sent in each few pixels of time, by kind, on its life line; below it what was lost on the way.
function countDensity(view, rows, rowOf, shown, left, right) {
  const bins = Math.ceil((right - left) / binWidth), counts = new Map(rows.map(row => [row, { sent: families.map(() => new Uint32Array(bins)), lost: new Uint32Array(bins), all: new Uint32Array(bins) }]));
  for (const i of shown) {
    const bin = Math.floor((view.x(messages.sent[i]) - left) / binWidth), count = counts.get(rowOf[messages.from[i]]);
    if (bin < 0 || bin >= bins) continue;
    count.sent[messages.family[i]][bin]++;
    count.all[bin]++;
    if (messages.drop[i] > 0) count.lost[bin]++;
  }
  let most = 1;
  for (const count of counts.values()) for (const all of count.all) most = Math.max(most, all);
  return { counts, bins, most, left };
}

function drawDensity(c, { counts, bins, most, left }) {
  for (const [row, count] of counts) {
    const base = new Float64Array(bins), unit = (row.half - 4) / most;
    families.forEach(([name], number) => {
      c.fillStyle = colour(name);
      for (let bin = 0; bin < bins; bin++) {
        const sent = count.sent[number][bin];
        if (sent === 0) continue;
        const height = Math.max(0.6, sent * unit);
        c.fillRect(left + bin * binWidth, row.y - 2 - base[bin] - height, binWidth - 0.5, height);
        base[bin] += height;
      }
    });
    c.fillStyle = colour("fail");
    for (let bin = 0; bin < bins; bin++) if (count.lost[bin] > 0) c.fillRect(left + bin * binWidth, row.y + 3, binWidth - 0.5, Math.max(1.5, count.lost[bin] * unit));
  }
}

function describeDensity({ counts, left, bins }, view, px, py) {
  const bin = Math.floor((px - left) / binWidth);
  for (const [row, count] of counts) {
    if (Math.abs(py - row.y) > row.half || bin < 0 || bin >= bins || count.all[bin] === 0) continue;
    const at = view.at(left + bin * binWidth), kinds = families.map(([, name], number) => [name, count.sent[number][bin]]).filter(([, sent]) => sent > 0);
    return `${messages.nodes[row.node]} sends ${count.all[bin].toLocaleString("en")} messages in ${duration(Math.max(1, Math.round(binWidth / view.scale())))} from ${seconds(at).toFixed(4)} s\n`
      + kinds.map(([name, sent]) => `${name} ${sent.toLocaleString("en")}`).join(", ") + (count.lost[bin] > 0 ? `\n${count.lost[bin].toLocaleString("en")} of them are lost` : "");
  }
  return "";
}

// The arrow under the pointer, or -1.
function findArrow(view, rowOf, shown, px, py) {
  let best = -1, nearest = 6 * 6;
  for (const i of shown) {
    const { x1, y1, x2, y2 } = arrowOf(view, rowOf, i), dx = x2 - x1, dy = y2 - y1;
    const along = Math.max(0, Math.min(1, ((px - x1) * dx + (py - y1) * dy) / (dx * dx + dy * dy || 1))), off = (px - x1 - along * dx) ** 2 + (py - y1 - along * dy) ** 2;
    if (off < nearest) [best, nearest] = [i, off];
  }
  return best;
}
