namespace Cluster.Modes.CircuitBreaker;

/// <summary>
/// A dependency, pure: counters by name, served by a few workers with a bounded queue, in whatever health it was set to. It does what one that callers may repeat themselves to has to: an idempotency key takes
/// effect once, and what its caller no longer waits for is not begun. All of it is in memory: a new life knows nothing of the one before, and says which it is.
/// </summary>
internal sealed class BackendCore(string life, bool ignoresKeys)
{
    /// <summary>Requests served at once. With the latency it makes the capacity that a storm exceeds.</summary>
    public const int Workers = 8;

    /// <summary>Requests that wait; more are refused at once, since they would wait longer than anybody does.</summary>
    public const int MostWaiting = 64;

    /// <summary>Idempotency keys remembered: far more than can be repeated within any call's deadline.</summary>
    public const int MostKeys = 20_000;

    /// <summary>Counters of one dependency.</summary>
    public const int MostItems = 10_000;

    private readonly Dictionary<string, long> items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Item, long Value)> keys = new(StringComparer.Ordinal);
    private readonly Queue<string> keyOrder = new();
    private readonly Queue<Served> waiting = new();
    private readonly List<Served> serving = [];
    private readonly Queue<BackendEffect> effects = new();
    private TimeSpan healthSince;

    public string Life => life;

    public BackendHealth Health { get; private set; } = BackendHealth.Fast;

    public BackendLog Log { get; } = new();

    /// <summary>When <see cref="Advance"/> has something to do; null while nothing is served.</summary>
    public TimeSpan? Next => serving.Count == 0 ? null : serving.Min(request => request.Ends);

    /// <summary>What is to be answered; null when nothing is. What expired is let go without an answer.</summary>
    public BackendEffect? TakeEffect() => effects.TryDequeue(out var effect) ? effect : null;

    public void Set(BackendHealth health, TimeSpan now)
    {
        Advance(now);
        (Health, healthSince) = (health, now);
    }

    /// <param name="random">From 0 to below 1: whether a partly failing one fails this request.</param>
    /// <returns>Its number in the log, by which it is answered.</returns>
    public long Arrive(Invoke invoke, TimeSpan now, double random)
    {
        Advance(now);
        var seen = Log.Add(invoke, now);
        var request = new Served(invoke, seen, now + TimeSpan.FromMilliseconds(Math.Max(invoke.LeftMs, 0)));
        if (Health.Fails(now - healthSince, random))
        {
            Fail(request, AttemptSeen.Failed, "it fails, as it was told to");
        }
        else if (serving.Count < Workers)
        {
            Serve(request, now);
        }
        else if (waiting.Count == MostWaiting)
        {
            Fail(request, AttemptSeen.Overloaded, FormattableString.Invariant($"{MostWaiting} requests wait already"));
        }
        else
        {
            waiting.Enqueue(request);
        }

        return seen.Seq;
    }

    /// <summary>Ends what has been served by now, and begins what waited for it.</summary>
    public void Advance(TimeSpan now)
    {
        while (serving.Count > 0 && serving.MinBy(request => (request.Ends, request.Seen.Seq)) is { } first && first.Ends <= now)
        {
            serving.Remove(first);
            Carry(first);
            while (serving.Count < Workers && waiting.TryDequeue(out var next))
            {
                if (next.Deadline <= first.Ends)
                {
                    next.Seen.Fate = AttemptSeen.Expired;
                    effects.Enqueue(new BackendEffect(next.Seen.Seq, null));
                }
                else
                {
                    Serve(next, first.Ends);
                }
            }
        }
    }

    private void Serve(Served request, TimeSpan begins)
    {
        request.Ends = begins + Health.Latency;
        serving.Add(request);
    }

    private void Carry(Served request)
    {
        var (invoke, seen) = (request.Invoke, request.Seen);
        var value = items.GetValueOrDefault(invoke.Item);
        if (!invoke.IsAdd)
        {
            seen.Fate = AttemptSeen.Read;
        }
        else if (!ignoresKeys && keys.TryGetValue(invoke.Key, out var before))
        {
            if (before.Item != invoke.Item)
            {
                Fail(request, AttemptSeen.Failed, $"the id {invoke.Key} was given to an add to {before.Item}: give each call its own", isConflict: true);
                return;
            }

            (seen.Fate, value) = (AttemptSeen.Repeat, before.Value);
        }
        else if (items.Count == MostItems && !items.ContainsKey(invoke.Item))
        {
            Fail(request, AttemptSeen.Failed, FormattableString.Invariant($"there are {MostItems} items, the most there may be"));
            return;
        }
        else
        {
            (seen.Fate, items[invoke.Item]) = (AttemptSeen.Effect, ++value);
            Remember(invoke.Key, invoke.Item, value);
        }

        effects.Enqueue(new BackendEffect(seen.Seq, new Invoked(invoke.Call, invoke.Attempt, value, life, seen.Fate == AttemptSeen.Repeat, null)));
    }

    private void Remember(string key, string item, long value)
    {
        if (keys.TryAdd(key, (item, value)))
        {
            keyOrder.Enqueue(key);
            if (keys.Count > MostKeys)
            {
                keys.Remove(keyOrder.Dequeue());
            }
        }
    }

    private void Fail(Served request, string fate, string why, bool isConflict = false)
    {
        request.Seen.Fate = fate;
        effects.Enqueue(new BackendEffect(request.Seen.Seq, new Invoked(request.Invoke.Call, request.Invoke.Attempt, 0, life, false, why) { IsConflict = isConflict }));
    }

    private sealed class Served(Invoke invoke, AttemptSeen seen, TimeSpan deadline)
    {
        public Invoke Invoke => invoke;

        public AttemptSeen Seen => seen;

        public TimeSpan Deadline => deadline;

        public TimeSpan Ends { get; set; }
    }
}
