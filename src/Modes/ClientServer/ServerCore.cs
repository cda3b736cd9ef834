namespace Cluster.Modes.ClientServer;

/// <summary>
/// The one server: keys, and a session for each client, so that a call that is sent again takes effect once (RPC semantics: Birrell and Nelson 1984; the sessions: RIFL, Lee et al. 2015). It decides on
/// what it has decided before, durable or not; it answers only what is durable.
/// </summary>
/// <param name="countsCalls">False only in a broken variant: a call that is sent again is carried out again.</param>
internal sealed class ServerCore(bool countsCalls = true)
{
    /// <summary>Clients that are remembered: a node's door is one, anew with each start, so this is hundreds of starts of a large cluster.</summary>
    public const int MostClients = 1_000;

    /// <summary>Calls of one client that may be open at once: more than its door takes on.</summary>
    public const int MostOpen = 20_000;

    private readonly Dictionary<string, StoredEntry> keys = new(StringComparer.Ordinal);

    /// <summary>What keys are about to be, by the events that are not durable yet.</summary>
    private readonly Dictionary<string, KeyWritten> coming = new(StringComparer.Ordinal);

    private readonly Dictionary<string, SessionState> clients = new(StringComparer.Ordinal);

    /// <summary>Calls of which an event is under way: the answer to the first sending serves the second.</summary>
    private readonly HashSet<(string Client, long Number)> underWay = [];

    /// <summary>Clients, the one that was heard of longest ago first.</summary>
    private readonly LinkedList<string> order = new();

    private readonly Dictionary<string, LinkedListNode<string>> places = new(StringComparer.Ordinal);

    public int Clients => clients.Count;

    public int Keys => keys.Values.Count(entry => entry.Value is not null);

    /// <summary>What a key is now, and durably so.</summary>
    public StoredEntry Find(string key) => keys.GetValueOrDefault(key) ?? new StoredEntry(key, null, 0);

    /// <summary>Judges a call. Nothing changes before <see cref="Apply"/>.</summary>
    /// <param name="hasRoom">
    /// False: the disk stands still, and nothing more goes into its queue. Such a call is not refused, for that would say that it has no effect: a copy of it may be in the queue already, or come when there is room.
    /// </param>
    public ServerMove Decide(ServerCall call, bool hasRoom = true)
    {
        var session = clients.GetValueOrDefault(call.Client);
        if (countsCalls && session is not null)
        {
            if (call.Number < session.FirstOpen)
            {
                return ServerMove.Nothing; // The client has its answer: this is an old copy of its call, late on the wire.
            }

            if (session.Find(call.Number) is { } answered)
            {
                return ServerMove.Answer(answered);
            }
        }

        if (call.Operation == ServerOperation.Get)
        {
            var found = Find(call.Key);
            return ServerMove.Answer(new ServerAnswer(call.Number, found.Value, found.Version));
        }

        if (call.Number - call.FirstOpen >= MostOpen)
        {
            return ServerMove.Refuse($"the client has {MostOpen} calls open");
        }

        if (!hasRoom || (countsCalls && underWay.Contains((call.Client, call.Number))))
        {
            return ServerMove.Nothing;
        }

        var (value, version) = coming.TryGetValue(call.Key, out var next) ? (next.Value, next.Version) : (Find(call.Key).Value, Find(call.Key).Version);
        if (call.Operation == ServerOperation.CompareAndSet && value != call.Expected)
        {
            underWay.Add((call.Client, call.Number));
            return ServerMove.Make(new CallDenied(call.Client, call.Number, call.FirstOpen, version));
        }

        var written = new KeyWritten(call.Client, call.Number, call.FirstOpen, call.Key, call.Operation == ServerOperation.Delete ? null : call.Value, version + 1, Replaced: value is not null);
        coming[call.Key] = written;
        underWay.Add((call.Client, call.Number));
        return ServerMove.Make(written);
    }

    /// <summary>An event is durable.</summary>
    /// <returns>What its call is answered.</returns>
    public ServerAnswer Apply(ServerEvent happened)
    {
        underWay.Remove((happened.Client, happened.Number));
        var answer = happened switch
        {
            KeyWritten written => Write(written),
            CallDenied denied => new ServerAnswer(denied.Number, null, denied.Version, IsConflict: true),
            _ => throw new ArgumentException($"{happened.GetType().Name} is no event of the server", nameof(happened)),
        };
        var session = Session(happened.Client, happened.FirstOpen);
        session.Forget(happened.FirstOpen);
        session.Add(answer);
        return answer;
    }

    public ServerSnapshot Snapshot() => new(
        [.. keys.Values.OrderBy(entry => entry.Key, StringComparer.Ordinal)],
        [.. order.Select(client => new ClientSession(client, clients[client].FirstOpen, [.. clients[client].Done.OrderBy(answer => answer.Number)]))]);

    public void Restore(ServerSnapshot snapshot)
    {
        foreach (var entry in snapshot.Keys)
        {
            keys[entry.Key] = entry;
        }

        foreach (var client in snapshot.Clients)
        {
            var session = Session(client.Client, client.FirstOpen);
            foreach (var answer in client.Done)
            {
                session.Add(answer);
            }
        }
    }

    private ServerAnswer Write(KeyWritten written)
    {
        keys[written.Key] = new StoredEntry(written.Key, written.Value, written.Version);
        if (coming.GetValueOrDefault(written.Key) == written)
        {
            coming.Remove(written.Key);
        }

        return new ServerAnswer(written.Number, written.Value, written.Version, Replaced: written.Replaced);
    }

    private SessionState Session(string client, long firstOpen)
    {
        if (clients.TryGetValue(client, out var session))
        {
            order.Remove(places[client]);
            order.AddLast(places[client]);
            return session;
        }

        if (clients.Count == MostClients)
        {
            var oldest = order.First!.Value;
            order.RemoveFirst();
            places.Remove(oldest);
            clients.Remove(oldest);
        }

        places.Add(client, order.AddLast(client));
        clients.Add(client, session = new SessionState(firstOpen));
        return session;
    }
}
