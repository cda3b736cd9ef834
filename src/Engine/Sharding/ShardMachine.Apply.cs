using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Sharding;

/// <summary>What every replica does: takes committed entries in, and answers reads on what it has applied.</summary>
internal sealed partial class ShardMachine
{
    /// <summary>Takes a committed entry in.</summary>
    /// <param name="index">Greater than that of any entry before.</param>
    /// <returns>
    /// The caller's reply; null where nobody here waits for one: the request had no session, and this replica did not decide it or has lost leadership since.
    /// </returns>
    /// <exception cref="InvalidDataException">The entry cannot be read or cannot follow on this state: the log is corrupt. The replica must not go on.</exception>
    public ByteString? Apply(ulong index, ByteString entry)
    {
        if (index <= AppliedIndex)
        {
            throw new InvalidOperationException($"Entry {index} is applied after entry {AppliedIndex}");
        }

        var parsed = Parse(index, entry);
        var machine = Machine(parsed.Machine) ?? throw new InvalidDataException($"Log entry {index}: {NoSuchMachine(parsed.Machine)}");
        if (!parsed.Event.IsEmpty)
        {
            machine.Apply(index, parsed.Event, parsed.AtMs);
        }

        if (parsed.Session != 0)
        {
            sessions.Remember(index, parsed.Session, parsed.Sequence, parsed.AcknowledgedBelow, parsed.Reply);
        }

        AppliedIndex = index;
        LogTimeMs = Math.Max(LogTimeMs, parsed.AtMs);
        var waiting = TakeProposal(index);
        return parsed.Session != 0 ? parsed.Reply : waiting;
    }

    /// <summary>
    /// Answers a request that only reads, on applied state. A linearizable or lease read is called once the read barrier has passed. A stale one is judged by the
    /// local clock or the log's time, whichever is later, and is never sent on to <see cref="Decide"/>.
    /// </summary>
    public ShardAnswer Query(ShardRequest request, long nowUnixMs)
    {
        var machine = Machine(request.Machine);
        if (machine is null)
        {
            return ShardAnswer.Refuse(ErrorCode.BadRequest, NoSuchMachine(request.Machine));
        }

        var stale = request.Consistency == ReadConsistency.Stale;
        var reply = machine.Query(request.Command, stale ? Math.Max(nowUnixMs, LogTimeMs) : nowUnixMs, stale, out var needsDecision);
        return needsDecision ? ShardAnswer.Undecided : ShardAnswer.Of(reply);
    }

    private ByteString? TakeProposal(ulong index)
    {
        if (!proposed.TryPeek(out var first) || first.Index > index)
        {
            return null;
        }

        if (first.Index < index)
        {
            throw new InvalidOperationException($"Entry {index} is applied before the proposed entry {first.Index}: DropProposed was not called when leadership was lost");
        }

        proposed.Dequeue();
        return first.Reply;
    }

    private static ShardEntryView Parse(ulong index, ByteString entry)
    {
        try
        {
            return ShardEntryView.Read(entry);
        }
        catch (InvalidDataException broken)
        {
            throw new InvalidDataException($"Log entry {index} is not a shard entry: {broken.Message}", broken);
        }
    }
}
