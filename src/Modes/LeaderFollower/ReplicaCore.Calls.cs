namespace Cluster.Modes.LeaderFollower;

/// <summary>What clients ask: writes go into the log, reads of the leader rest on what is committed and on its lease, reads of a copy on its age.</summary>
internal sealed partial class ReplicaCore
{
    /// <summary>
    /// Calls that were answered "no effect", by client: a copy of one that comes late, when the key or the in-sync set is another, must not be carried out after all. In memory: copies to this process die with
    /// it, and what an older leader still makes of one is never committed.
    /// </summary>
    private readonly Dictionary<string, SortedDictionary<long, object>> denied = new(StringComparer.Ordinal);

    private void Take(ReplicaCall call, long wall)
    {
        if (leading is not { } mine)
        {
            effects.Add(new ReplicaEffect.ToDoor(call.Node, new NotLeading(call.Number, leaderEpoch, leader)));
            return;
        }

        if (copy.IsAnswered(call.Client, call.Number) || mine.IsWaiting(call))
        {
            return; // The client has its answer, or will have it.
        }

        if (denied.GetValueOrDefault(call.Client)?.GetValueOrDefault(call.Number) is { } no)
        {
            effects.Add(new ReplicaEffect.ToDoor(call.Node, no));
            return;
        }

        if (call.Operation != CallOperation.Get && (copy.FindDone(call.Client, call.Number) ?? DoneLater(mine, call)) is { } done)
        {
            AnswerOrWait(mine, new WaitingWrite(call, done.Epoch, done.Position, done.Replaced));
            return;
        }

        // A copy of this read or comparison may wait for a commit or the lease. What it found is not what stands there now, and only one verdict may be: else the old one would be answered, "no effect", after
        // this one has put the write into the log.
        mine.Reads.RemoveAll(read => read.Call.Client == call.Client && read.Call.Number == call.Number);
        if (mine.Waiting >= MostUncommitted || log.End - copy.Position >= MostUncommitted)
        {
            Deny(call, new CallRefused(call.Number, mine.Epoch, $"{name} leads and has {MostUncommitted} writes that no follower has taken yet: ask again later"));
            return;
        }

        var there = mine.FindComing(call.Key) is { } coming ? (coming.Value, coming.Position) : (copy.Find(call.Key)?.Value, 0);
        if (call.Operation == CallOperation.Get || (call.Operation == CallOperation.CompareAndSet && there.Value != call.Expected))
        {
            mine.Reads.Add(new WaitingRead(call, Math.Max(mine.Start, there.Position), call.Operation != CallOperation.Get));
            Advance(mine);
            Confirm(mine);
            return;
        }

        if (call.Ack == AckMode.Semi && mine.IsAlone && !unfenced)
        {
            Deny(call, new CallRefused(call.Number, mine.Epoch, $"{name} leads and no follower is in sync, so ack=semi cannot be met: wait until one is back, or write with ack=sync (all in sync: {name} alone) or ack=async"));
            return;
        }

        if (call.Ack == AckMode.Async && !HasLease(mine))
        {
            Confirm(mine);
            return; // Perhaps deposed: what it acknowledged now would be lost for certain. The client sends it again.
        }

        var entry = new LogEntry(
            log.End + 1, mine.Epoch, name, call.Client, call.Number, call.FirstOpen, call.Key, call.Operation == CallOperation.Delete ? null : call.Value, there.Value is not null, call.Ack, wall);
        mine.Wait(new WaitingWrite(call, entry.Epoch, entry.Position, entry.Replaced));
        Append(mine, entry);
    }

    private static DoneCall? DoneLater(Leadership mine, ReplicaCall call) =>
        mine.FindUnderWay(call) is { } entry ? new DoneCall(entry.Number, entry.Epoch, entry.Position, entry.Replaced) : null;

    private void AnswerOrWait(Leadership mine, WaitingWrite write)
    {
        if (mine.MayAnswer(write.Call.Ack, write.Position, copy.Position))
        {
            Answer(mine, write);
        }
        else
        {
            mine.Wait(write);
        }
    }

    /// <summary>Without a lease, asks the followers for one now and not at the next heartbeat.</summary>
    private void Confirm(Leadership mine)
    {
        if (HasLease(mine))
        {
            return;
        }

        foreach (var (node, follower) in mine.Followers)
        {
            SendTo(mine, node, follower, isDue: true);
        }
    }

    private void Deny(ReplicaCall call, object answer)
    {
        if (!denied.TryGetValue(call.Client, out var calls))
        {
            if (denied.Count >= ReplicaCopy.MostClients)
            {
                denied.Remove(denied.Keys.First());
            }

            denied.Add(call.Client, calls = []);
        }

        while (calls.Count > 0 && calls.Keys.First() is var first && first < call.FirstOpen)
        {
            calls.Remove(first);
        }

        calls[call.Number] = answer;
        effects.Add(new ReplicaEffect.ToDoor(call.Node, answer));
    }

    private void Answer(Leadership mine, WaitingWrite write) => effects.Add(new ReplicaEffect.ToDoor(
        write.Call.Node, new CallAnswer(write.Call.Number, mine.Epoch, null, write.Epoch, write.Position, Replaced: write.Replaced, Copies: mine.CopiesOf(write.Position))));

    private void Answer(Leadership mine, WaitingRead read)
    {
        var found = copy.Find(read.Call.Key);
        var answer = new CallAnswer(read.Call.Number, mine.Epoch, found?.Value, found?.Epoch ?? 0, found?.Position ?? 0, read.IsConflict);
        if (read.IsConflict)
        {
            Deny(read.Call, answer);
        }
        else
        {
            effects.Add(new ReplicaEffect.ToDoor(read.Call.Node, answer));
        }
    }

    private void Read(ReadCopy read)
    {
        var age = Age;
        var tooOld = read.MaxLag is { } most && !(age <= most);
        var found = tooOld ? null : copy.Find(read.Key);
        effects.Add(new ReplicaEffect.ToDoor(read.Node, new CopyRead(read.Number, name, found?.Value, found?.Epoch ?? 0, found?.Position ?? 0, age, tooOld, log.End, copy.Position)));
    }
}
