namespace Cluster.Modes.LeaderFollower;

/// <summary>What the committed entries make: keys, and what became of clients' calls. The same on every replica at the same position.</summary>
internal sealed class ReplicaCopy
{
    /// <summary>Clients that are remembered: a node's door is one, anew with each start, so this is hundreds of starts of a large cluster.</summary>
    public const int MostClients = 1_000;

    /// <summary>Keys, or clients, of one piece: with <see cref="ReplicaLog.BatchBytes"/> the bound of a message.</summary>
    private const int PieceEntries = 1_000;

    private readonly Dictionary<string, CopyEntry> keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownCalls> clients = new(StringComparer.Ordinal);

    /// <summary>Up to here the log is in it.</summary>
    public long Position { get; private set; }

    public int Keys => keys.Count;

    public CopyEntry? Find(string key) => keys.GetValueOrDefault(key);

    public bool IsAnswered(string client, long number) => clients.TryGetValue(client, out var known) && number < known.FirstOpen;

    public DoneCall? FindDone(string client, long number) => clients.GetValueOrDefault(client)?.Done.GetValueOrDefault(number);

    /// <exception cref="InvalidOperationException">It is not the next one.</exception>
    public void Apply(LogEntry entry)
    {
        if (entry.Position != Position + 1)
        {
            throw new InvalidOperationException($"entry {entry.Position} cannot be applied at {Position}");
        }

        Position = entry.Position;
        if (entry.Key is not { } key)
        {
            return;
        }

        if (entry.Value is { } value)
        {
            keys[key] = new CopyEntry(key, value, entry.Epoch, entry.Position);
        }
        else
        {
            keys.Remove(key);
        }

        if (!clients.TryGetValue(entry.Client, out var known))
        {
            ForgetOne();
            clients.Add(entry.Client, known = new KnownCalls());
        }

        known.Last = entry.Position;
        known.Forget(entry.FirstOpen);
        known.Done[entry.Number] = new DoneCall(entry.Number, entry.Epoch, entry.Position, entry.Replaced);
    }

    /// <summary>All of it, in pieces that each go into a message.</summary>
    public IReadOnlyList<StatePiece> Pieces()
    {
        var pieces = new List<StatePiece>();
        var part = new List<CopyEntry>();
        var size = 0;
        foreach (var entry in keys.Values.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var more = System.Text.Encoding.UTF8.GetByteCount(entry.Value) + System.Text.Encoding.UTF8.GetByteCount(entry.Key);
            if (part.Count > 0 && (size + more > ReplicaLog.BatchBytes || part.Count == PieceEntries))
            {
                pieces.Add(new StatePiece(part, []));
                (part, size) = ([], 0);
            }

            part.Add(entry);
            size += more;
        }

        pieces.Add(new StatePiece(part, []));

        // A client's open calls go in as many pieces as they need; the order is that of their last writes, which decides who is forgotten first.
        foreach (var (client, known) in clients.OrderBy(client => client.Value.Last))
        {
            pieces.AddRange(known.Done.Values.Chunk(PieceEntries).Select(done => new StatePiece([], [new KnownClient(client, known.FirstOpen, done)])));
        }

        return Merged(pieces);
    }

    /// <summary>Becomes what these pieces hold.</summary>
    public void Restore(IEnumerable<StatePiece> pieces, long position)
    {
        keys.Clear();
        clients.Clear();
        Position = position;
        foreach (var piece in pieces)
        {
            foreach (var entry in piece.Keys)
            {
                keys[entry.Key] = entry;
            }

            foreach (var client in piece.Clients)
            {
                var known = clients.TryGetValue(client.Client, out var there) ? there : clients[client.Client] = new KnownCalls();
                known.Forget(client.FirstOpen);
                foreach (var done in client.Done)
                {
                    known.Done[done.Number] = done;
                    known.Last = Math.Max(known.Last, done.Position);
                }
            }
        }
    }

    /// <summary>Small pieces of clients are put together, up to the bound.</summary>
    private static List<StatePiece> Merged(List<StatePiece> pieces)
    {
        var merged = new List<StatePiece>();
        var count = PieceEntries;
        foreach (var piece in pieces)
        {
            var calls = piece.Clients.Sum(client => client.Done.Count);
            if (piece.Clients.Count > 0 && count + calls <= PieceEntries)
            {
                merged[^1] = merged[^1] with { Clients = [.. merged[^1].Clients, .. piece.Clients] };
                count += calls;
                continue;
            }

            merged.Add(piece);
            count = piece.Clients.Count == 0 ? PieceEntries : calls;
        }

        return merged;
    }

    /// <summary>Of too many, the one that has not written for longest: by the log, so the same one everywhere.</summary>
    private void ForgetOne()
    {
        if (clients.Count >= MostClients)
        {
            clients.Remove(clients.MinBy(client => client.Value.Last).Key);
        }
    }

    private sealed class KnownCalls
    {
        public SortedDictionary<long, DoneCall> Done { get; } = [];

        public long FirstOpen { get; private set; }

        /// <summary>The position of its last write.</summary>
        public long Last { get; set; }

        public void Forget(long before)
        {
            FirstOpen = Math.Max(FirstOpen, before);
            while (Done.Count > 0 && Done.Keys.First() is var first && first < FirstOpen)
            {
                Done.Remove(first);
            }
        }
    }
}
