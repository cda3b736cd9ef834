using Cluster.Shared.Results;

namespace Cluster.Modes.Quorum;

/// <summary>
/// One request, as its coordinator carries it out. A read asks R copies, takes the join of what they say, and, where quorums intersect, has W copies of it before it answers: else a later read could miss
/// what this one saw (Attiya, Bar-Noy and Dolev 1995, the write-back; Dynamo's read repair, made to wait). A write asks R copies for the key's counter, and then stores under a higher one until W have it
/// (Lynch and Shvartsman 1997: several writers). Pure: replies and ticks in, messages out.
/// </summary>
internal sealed class QuorumRequest
{
    private readonly QuorumCall call;
    private readonly HashRing ring;
    private readonly string self;
    private readonly CopyTargets targets;
    private readonly Dictionary<string, KeyRead> replies = new(StringComparer.Ordinal);
    private readonly HashSet<string> stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> refusals = new(StringComparer.Ordinal);
    private Phase phase = Phase.Asking;
    private KeyState payload = KeyState.None;
    private Tag? tag;
    private string? numberer;

    /// <param name="self">The node that coordinates it.</param>
    public QuorumRequest(QuorumCall call, HashRing ring, string self)
    {
        (this.call, this.ring, this.self) = (call, ring, self);
        targets = new CopyTargets(ring.Order(call.Key), self, call.Dial.Sloppy);
    }

    private enum Phase
    {
        /// <summary>R copies are asked.</summary>
        Asking,

        /// <summary>A replica gives a version that is written with a context its dot.</summary>
        Numbering,

        /// <summary>W copies are to have it.</summary>
        Storing,
        Over,
    }

    public QuorumCall Call => call;

    /// <summary>Enough have answered, and none of them has all that the writer had seen: whoever has it is still looked for.</summary>
    private bool IsBehind => phase == Phase.Asking && replies.Count >= call.Dial.Read;

    /// <summary>Whether nothing has been written so far, whatever becomes of the messages that are under way.</summary>
    public bool HadNoEffect => phase == Phase.Asking || call.Operation == QuorumOperation.Get;

    private int Copies => targets.Preferred.Length;

    /// <summary>Who is asked must take the same nodes for members, or their quorums need not intersect. A sloppy quorum takes any answer.</summary>
    private ulong RingId => call.Dial.Sloppy ? 0 : ring.Id;

    /// <param name="away">Nodes that the coordinator does not hear.</param>
    public QuorumStep Begin(IReadOnlySet<string> away)
    {
        if (WhyNever() is { } why)
        {
            phase = Phase.Over;
            return QuorumStep.End(QuorumOutcome.Failed(ErrorCode.Unavailable, why));
        }

        targets.StandIn(away);
        return Send(targets.InTurn(call.Id, away).Take(call.Dial.Read).Select(Ask));
    }

    /// <summary>Time has passed without an end: whoever has not answered is asked again, and everybody else who may help.</summary>
    public QuorumStep Tick(IReadOnlySet<string> away)
    {
        if (phase == Phase.Asking && WhyNotNow(away) is { } why)
        {
            phase = Phase.Over;
            return QuorumStep.End(QuorumOutcome.Failed(ErrorCode.Unavailable, why));
        }

        targets.StandIn(away.Union(asked.Where(node => phase == Phase.Asking ? !replies.ContainsKey(node) : !stored.Contains(node))).ToHashSet(StringComparer.Ordinal));
        return phase switch
        {
            Phase.Asking => Send(targets.All.Where(node => IsBehind || !replies.ContainsKey(node)).Select(Ask)),
            Phase.Numbering => Send([(numberer!, Number())]),
            Phase.Storing => Send(targets.All.Where(node => !stored.Contains(node)).Select(Store)),
            _ => QuorumStep.Nothing,
        };
    }

    public QuorumStep On(KeyRead reply)
    {
        if (phase != Phase.Asking || !targets.Has(reply.From))
        {
            return QuorumStep.Nothing;
        }

        replies[reply.From] = reply;
        return replies.Count < call.Dial.Read ? QuorumStep.Nothing : AfterAsking();
    }

    public QuorumStep On(KeyStored reply)
    {
        if (phase != Phase.Storing || !targets.Has(reply.From))
        {
            return QuorumStep.Nothing;
        }

        stored.Add(reply.From);
        return stored.Count < call.Dial.Write ? QuorumStep.Nothing : End();
    }

    public QuorumStep On(VersionAdded reply)
    {
        if (phase != Phase.Numbering || reply.From != numberer)
        {
            return QuorumStep.Nothing;
        }

        payload = reply.State;
        tag = payload.Dotted.FirstOrDefault(version => version.Tag.Write == call.Write)?.Tag ?? tag;
        return BeginStoring([reply.From], targets.All);
    }

    public QuorumStep On(QuorumRefused refused)
    {
        refusals[refused.From] = refused.Why;
        if (!refused.IsFinal || phase != Phase.Numbering || refused.From != numberer)
        {
            return QuorumStep.Nothing;
        }

        phase = Phase.Over;
        return QuorumStep.End(QuorumOutcome.Failed(ErrorCode.Conflict, refused.Why));
    }

    /// <summary>What it waits for, in words.</summary>
    public string Waiting()
    {
        if (IsBehind)
        {
            return $"nobody who answered {self} has all that the context saw, and a write replaces all of it (if the key was deleted long ago, read it again): {string.Join(", ", replies.Keys.Order(StringComparer.Ordinal))} answered";
        }

        var (have, need) = phase == Phase.Asking ? (replies.Keys.ToList(), $"r={call.Dial.Read}") : (stored.ToList(), $"w={call.Dial.Write}");
        var silent = targets.All.Except(have, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var said = refusals.Count == 0 ? "" : $"; {string.Join("; ", refusals.Select(refusal => $"{refusal.Key}: {refusal.Value}"))}";
        return $"{need} was not met: {(have.Count == 0 ? "nobody" : string.Join(", ", have.Order(StringComparer.Ordinal)))} answered {self}, {string.Join(", ", silent)} did not{said}";
    }

    private QuorumStep AfterAsking()
    {
        var known = replies.Values.Aggregate(KeyState.None, (state, reply) => state.Join(reply.State ?? KeyState.None));
        if (call.Operation == QuorumOperation.Get)
        {
            return AnswerOrWriteBack(known);
        }

        if (call.Context is { } context && !known.Covers(context))
        {
            // A version that does not know of all that it replaces would not replace it, or would itself be earlier, and gone when the copies meet. Somebody has what the client has read.
            return Send(targets.All.Where(node => !asked.Contains(node)).Select(Ask));
        }

        var seen = replies.Values.Max(reply => reply.Counter);
        var counter = Math.Max(seen, Math.Min(call.Token, seen + QuorumBounds.MostAhead)) + 1;
        if (call.Context is null)
        {
            tag = new Tag(counter, self, call.Write);
            payload = KeyState.Written(tag, call.Value);
            return BeginStoring([], targets.All);
        }

        if (targets.All.FirstOrDefault(node => replies.ContainsKey(node) && targets.Preferred.Contains(node)) is not { } first)
        {
            phase = Phase.Over;
            return QuorumStep.End(QuorumOutcome.Failed(ErrorCode.Unavailable, $"a write with a context is numbered by one of {string.Join(", ", targets.Preferred)}, and none of them answered {self}"));
        }

        (numberer, payload, tag, phase) = (first, known, new Tag(counter, first, call.Write), Phase.Numbering);
        return Send([(first, Number())]);
    }

    private QuorumStep AnswerOrWriteBack(KeyState known)
    {
        payload = known;
        var current = replies.Values.Where(reply => (reply.State ?? KeyState.None).Covers(known)).Select(reply => reply.From).ToList();
        if (!call.WritesBack)
        {
            return End();
        }

        var behind = replies.Keys.Except(current, StringComparer.Ordinal).ToList();
        if (!call.Dial.Intersects(Copies))
        {
            // Nothing is promised that the reader would have to wait for: what is behind is mended on the way.
            var mend = behind.ConvertAll(node => (node, (object)new StoreKey(0, RingId, call.Key, known, targets.HintFor(node))));
            return End() with { Sends = mend, Repairs = mend.Count };
        }

        return current.Count >= call.Dial.Write || known.Equals(KeyState.None)
            ? End()
            : BeginStoring(current, targets.All.Except(current, StringComparer.Ordinal)) with { Repairs = behind.Count };
    }

    /// <summary>All copies are sent it, however few are waited for.</summary>
    private QuorumStep BeginStoring(IEnumerable<string> have, IEnumerable<string> to)
    {
        phase = Phase.Storing;
        stored.UnionWith(have);
        asked.Clear();
        var step = Send(to.Where(node => !stored.Contains(node)).Select(Store));
        return stored.Count < call.Dial.Write ? step : End() with { Sends = step.Sends };
    }

    private QuorumStep End()
    {
        phase = Phase.Over;
        return QuorumStep.End(new QuorumOutcome(payload, call.Operation == QuorumOperation.Get ? null : tag, stored.Count));
    }

    private QuorumStep Send(IEnumerable<(string Node, object Message)> sends)
    {
        var all = sends.ToList();
        asked.UnionWith(all.Select(send => send.Node));
        return new QuorumStep(all);
    }

    private (string Node, object Message) Ask(string node) =>
        (node, new ReadKey(call.Id, RingId, call.Key, CounterOnly: call.Operation != QuorumOperation.Get && call.Context is null));

    private (string Node, object Message) Store(string node) => (node, new StoreKey(call.Id, RingId, call.Key, payload, targets.HintFor(node)));

    private AddVersion Number() => new(call.Id, RingId, call.Key, payload, tag!.Counter, call.Write, call.Context!, call.Value);

    /// <summary>Why no cluster of these members can ever serve it; null when one can.</summary>
    private string? WhyNever() => Copies == 0 ? $"{self} has not found its cluster yet"
        : Math.Max(call.Dial.Read, call.Dial.Write) > Copies ? $"{call.Dial} cannot be met: the cluster has {Copies} {(Copies == 1 ? "member" : "members")}"
        : null;

    /// <summary>Why it cannot be served now, as far as the coordinator hears others; null when it can.</summary>
    private string? WhyNotNow(IReadOnlySet<string> away)
    {
        var there = (call.Dial.Sloppy ? ring.Members : targets.Preferred).Where(node => !away.Contains(node)).ToList();
        var need = call.Operation == QuorumOperation.Get && !call.Dial.Intersects(Copies) ? call.Dial.Read : Math.Max(call.Dial.Read, call.Dial.Write);
        return there.Count >= need ? null
            : $"{call.Dial} cannot be met: of {string.Join(", ", call.Dial.Sloppy ? ring.Members : targets.Preferred)} {self} hears {(there.Count == 0 ? "nobody" : $"only {string.Join(", ", there)}")}";
    }
}
