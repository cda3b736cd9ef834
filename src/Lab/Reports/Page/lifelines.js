// The life lines of a space-time diagram: where each stands, and what was done to its node: killed, it is interrupted; paused, dashed; cut off, shaded.
const killing = ["kill", "stop", "power-loss", "restart", "leave", "fail-fsync"], pausing = ["pause"];
const splitting = ["cut", "partition", "isolate", "halves", "bridge", "cut-in", "cut-out", "disconnect", "link"];

// Nodes that a fault's target names, and on which side of a split each is; a target that names none is about all.
function struck(fault) {
  const sides = fault.target.split("/").map(side => side.split(/[\s,]+/).filter(name => messages.nodes.includes(name)));
  const named = sides.flatMap((side, number) => side.map(name => ({ node: messages.nodes.indexOf(name), side: number })));
  return named.length > 0 ? named : messages.nodes.map((_, node) => ({ node, side: 0 }));
}

function drawLifelines(c, view, rows, { left, right }) {
  const clip = at => Math.max(left, Math.min(right, view.x(at)));
  const labels = [];
  for (const row of rows) row.gaps = [];
  for (const fault of data.faults) {
    const from = clip(fault.start), to = Math.max(clip(fault.end), from + 1);
    if (fault.end < view.from || fault.start > view.to) continue;
    for (const { node, side } of struck(fault)) {
      const row = rows.find(row => row.node === node);
      if (!row) continue;
      if (killing.includes(fault.fault)) row.gaps.push({ from, to, begins: fault.start >= view.from, ends: fault.end <= view.to, dead: true });
      else if (pausing.includes(fault.fault)) row.gaps.push({ from, to, dead: false });
      else shade(c, row, from, to, splitting.includes(fault.fault) && side % 2 === 0 ? "band" : "unknown");
      labels.push({ row, from, to, text: inWords(fault, side) });
    }
  }
  for (const row of rows) {
    c.strokeStyle = colour("ink");
    c.lineWidth = 1.4;
    let at = left;
    for (const gap of row.gaps.sort((a, b) => a.from - b.from)) {
      line(c, at, gap.from, row.y, []);
      if (gap.dead) drawDeath(c, gap, row.y); else line(c, gap.from, gap.to, row.y, [3, 4]);
      at = Math.max(at, gap.to);
    }
    line(c, at, right, row.y, []);
    c.fillStyle = colour("ink");
    c.textAlign = "end";
    c.fillText(messages.nodes[row.node], left - 10, row.y + 4);
    c.textAlign = "start";
  }
  return labels;
}

function line(c, from, to, y, dash) {
  if (to <= from) return;
  c.setLineDash(dash);
  c.beginPath();
  c.moveTo(from, y);
  c.lineTo(to, y);
  c.stroke();
  c.setLineDash([]);
}

function drawDeath(c, gap, y) {
  c.strokeStyle = colour("fail");
  if (gap.begins) drawCross(c, gap.from, y, 5);
  c.strokeStyle = c.fillStyle = colour("ink");
  if (!gap.ends) return;
  c.beginPath();
  c.arc(gap.to, y, 3.5, 0, 7);
  c.fill();
}

function shade(c, row, from, to, name) {
  c.globalAlpha = 0.13;
  c.fillStyle = colour(name);
  c.fillRect(from, row.y - row.half, to - from, 2 * row.half);
  c.globalAlpha = 1;
}

// What a fault does to one of the nodes that it strikes.
function inWords({ fault, target }, side) {
  const others = target.split("/").filter((_, number) => number !== side).map(name => name.trim());
  return others.length > 0 && splitting.includes(fault) ? `cut off from ${others.join(", ")}`
    : { kill: "killed", "power-loss": "power lost", pause: "paused", stop: "stopped", leave: "left", isolate: "cut off", disconnect: "off the network" }[fault] ?? fault;
}

// On a ground of their own, since messages may lie below them.
function drawLabels(c, labels) {
  c.lineJoin = "round";
  c.lineWidth = 3;
  c.strokeStyle = colour("card");
  c.fillStyle = colour("band");
  for (const { row, from, to, text } of labels) {
    if (c.measureText(text).width + 8 > to - from) continue;
    c.strokeText(text, from + 5, row.y - row.half + 11);
    c.fillText(text, from + 5, row.y - row.half + 11);
  }
}

function drawCross(c, x, y, size) {
  c.lineWidth = 1.8;
  c.beginPath();
  c.moveTo(x - size, y - size);
  c.lineTo(x + size, y + size);
  c.moveTo(x + size, y - size);
  c.lineTo(x - size, y + size);
  c.stroke();
}

// A flag where a node came to lead: the cluster's own word for it.
function leaderFlags() {
  return data.happenings.filter(happening => happening.kind === "leader").map(happening => ({ ...happening, index: messages.nodes.indexOf(happening.node) })).filter(flag => flag.index >= 0);
}

function drawFlags(c, view, rows, flags) {
  c.fillStyle = c.strokeStyle = colour("election");
  c.lineWidth = 1;
  for (const flag of flags) {
    const row = rows.find(row => row.node === flag.index), x = view.x(flag.at);
    if (!row || flag.at < view.from || flag.at > view.to) continue;
    c.beginPath();
    c.moveTo(x, row.y);
    c.lineTo(x, row.y - 15);
    c.lineTo(x + 9, row.y - 11.5);
    c.lineTo(x, row.y - 8);
    c.stroke();
    c.fill();
  }
}
