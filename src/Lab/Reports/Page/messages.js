// The messages between nodes as typed columns, and which of them a choice of key, shard, nodes and kinds leaves.
const families = [
  ["append", "replication", ["AppendEntries", "AppendReply"]],
  ["request", "requests", ["Request", "Reply"]],
  ["election", "elections", ["PreVote", "PreVoteReply", "RequestVote", "VoteReply", "TimeoutNow"]],
  ["heartbeat", "heartbeats", ["Heartbeat", "HeartbeatReply", "NodeHeartbeat", "NodeHeartbeatReply"]],
  ["snapshot", "snapshots", ["InstallSnapshot", "SnapshotChunk", "SnapshotChunkReply"]],
  ["actor", "actors", ["Actor"]],
  ["control", "control", []],
];
const election = 2;

const messages = (() => {
  const m = data.messages, count = m.from.length, sent = new Float64Array(count), received = new Float64Array(count), family = new Uint8Array(count);
  const familyOf = m.kinds.map(kind => { const found = families.findIndex(([, , kinds]) => kinds.includes(kind)); return found < 0 ? families.length - 1 : found; });
  for (let i = 0, at = 0; i < count; i++) {
    sent[i] = at += m.after[i];
    received[i] = m.took[i] < 0 ? NaN : at + m.took[i];
    family[i] = familyOf[m.kind[i]];
  }
  return { ...m, count, sent, received, family };
})();

// Indices of the messages that are left, in order of sending. A key's are those that touch it, and the elections of the shards where it is kept.
function chooseMessages({ key, shard, nodes, shown, lostOnly }) {
  const m = messages, left = [];
  const setHasKey = key === null ? null : m.keysets.map(set => set.some(index => m.keys[index] === key)), keyShards = new Set();
  if (key !== null) for (let i = 0; i < m.count; i++) if (setHasKey[m.keyset[i]]) keyShards.add(m.shard[i]);
  for (let i = 0; i < m.count; i++) {
    if (!shown[m.family[i]] || !nodes[m.from[i]] || !nodes[m.to[i]]) continue;
    if (shard !== null && m.shard[i] !== shard) continue;
    if (lostOnly && m.drop[i] === 0) continue;
    if (key !== null && !setHasKey[m.keyset[i]] && !(m.family[i] === election && keyShards.has(m.shard[i]))) continue;
    left.push(i);
  }
  return Int32Array.from(left);
}

// The first of the chosen messages that was sent at that time or later.
function firstSentFrom(chosen, at) {
  let low = 0, high = chosen.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (messages.sent[chosen[middle]] < at) low = middle + 1; else high = middle;
  }
  return low;
}

function describeMessage(i) {
  const m = messages, shard = m.shard[i] < 0 ? "" : m.shard[i] === 0 ? " · control plane" : ` · shard ${m.shard[i]}`, term = m.term[i] < 0 ? "" : ` · term ${m.term[i]}`;
  const touched = m.keysets[m.keyset[i]].map(index => m.keys[index]).join(", "), lost = m.drops[m.drop[i]];
  const arrival = Number.isNaN(m.received[i]) ? lost ? "" : ", its arrival is not recorded" : `, ${lost ? "there" : "received"} ${duration(m.received[i] - m.sent[i])} later`;
  return `${m.nodes[m.from[i]]} → ${m.nodes[m.to[i]]}: ${m.kinds[m.kind[i]]}${shard}${term}\n${m.texts[m.text[i]]}${touched ? `\nkeys: ${touched}` : ""}\n`
    + `${m.bytes[i].toLocaleString("en")} bytes, sent at ${seconds(m.sent[i]).toFixed(6)} s${arrival}${lost ? `\nlost: ${lost}` : ""}`;
}
