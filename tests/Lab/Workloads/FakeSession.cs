using Cluster.Lab.Histories;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>A client's way to a <see cref="FakeStore"/>: every request takes time to get there and back, and some get lost on either way. It notices who is at work on it twice.</summary>
internal sealed class FakeSession(FakeStore store, int client, TimeProvider time, int lostPercent) : IClientSession
{
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromMilliseconds(20);

    private readonly Random random = new(client + 1);
    private bool atWork;

    public string Asked => "n1";

    public long SentAgain => 0;

    public void MoveOn()
    {
        // There is one node.
    }

    public void Steer(string node)
    {
        // There is one node.
    }

    public Task<bool> TryConnectAsync(CancellationToken cancellation) => Task.FromResult(true);

    public Task<StoreAnswer> ReadAsync(string key, ReadConsistency consistency) => AskAsync(() => StoreAnswer.Ok(store.Read(key)), Outcome.Fail);

    public async Task<StoreValues> ReadManyAsync(IReadOnlyList<string> keys, ReadConsistency consistency)
    {
        IReadOnlyList<string?> values = [];
        var answer = await AskAsync(
            () =>
            {
                values = store.ReadMany(keys);
                return StoreAnswer.Ok();
            },
            Outcome.Fail).ConfigureAwait(false);
        if (store.Flaw == Flaw.NotAtomic && answer.Outcome == Outcome.Ok)
        {
            await TravelAsync().ConfigureAwait(false);
            values = [.. values.Take(values.Count / 2), .. keys.Skip(values.Count / 2).Select(store.Read)];
        }

        return answer.Outcome == Outcome.Ok ? new StoreValues(Outcome.Ok, values) : StoreValues.Fail;
    }

    public Task<StoreAnswer> WriteAsync(string key, string value) => DoAsync(() => store.Write(key, value));

    public Task<StoreAnswer> DeleteAsync(string key) => DoAsync(() => store.Write(key, null));

    public Task<StoreAnswer> AppendAsync(string key, string end) => DoAsync(() => store.Append(key, end));

    public Task<StoreAnswer> IncrementAsync(string key, long delta) => AskAsync(() => StoreAnswer.Ok(FormattableString.Invariant($"{store.Increment(key, delta)}")), Outcome.Info);

    public Task<StoreAnswer> CompareAndSetAsync(string key, string? expected, string value) =>
        AskAsync(() => store.CompareAndSet(key, expected, value) ? StoreAnswer.Ok("true") : StoreAnswer.Conflict, Outcome.Info);

    public async Task<StoreAnswer> TransactAsync(IReadOnlyList<string> keys, Func<IReadOnlyList<string?>, StoreDecision> decide)
    {
        (string Key, long Revision)[] guards = [];
        IReadOnlyList<string?> values = [];
        var read = await AskAsync(
            () =>
            {
                guards = store.Flaw == Flaw.NotAtomic ? [] : [.. keys.Select(key => (key, store.RevisionOf(key)))];
                values = [.. keys.Select(store.Read)];
                return StoreAnswer.Ok();
            },
            Outcome.Fail).ConfigureAwait(false);
        if (read.Outcome != Outcome.Ok)
        {
            return StoreAnswer.Fail;
        }

        var decision = decide(values);
        if (decision.IsRefusal)
        {
            return StoreAnswer.Conflict;
        }

        return await AskAsync(() => Commit(keys, guards, decision, decide), Outcome.Info).ConfigureAwait(false);
    }

    public Task<StoreAnswer> CallAsync(ModeCall call) =>
        AskAsync(() => (store.Mode ?? throw new NotSupportedException($"this store has no mode {call.Mode}"))(call), call.IsRead ? Outcome.Fail : Outcome.Info);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private StoreAnswer Commit(IReadOnlyList<string> keys, (string Key, long Revision)[] guards, StoreDecision decision, Func<IReadOnlyList<string?>, StoreDecision> decide)
    {
        if (!store.Commit(guards, decision.Writes))
        {
            return StoreAnswer.Conflict;
        }

        if (store.Times() == 2)
        {
            store.Commit([], decide([.. keys.Select(store.Read)]).Writes);
        }

        return StoreAnswer.Ok(decision.Output);
    }

    private Task<StoreAnswer> DoAsync(Action change) => AskAsync(
        () =>
        {
            change();
            return StoreAnswer.Ok();
        },
        Outcome.Info);

    private async Task<StoreAnswer> AskAsync(Func<StoreAnswer> ask, Outcome ifLost)
    {
        Assert.False(atWork, "a client has one operation under way");
        atWork = true;
        await TravelAsync().ConfigureAwait(false);
        var answer = Loses() ? (StoreAnswer?)null : ask();
        await TravelAsync().ConfigureAwait(false);
        if (answer is null || Loses())
        {
            await Task.Delay(GivenUpAfter, time).ConfigureAwait(false);
            answer = new StoreAnswer(ifLost);
        }

        atWork = false;
        return answer.Value;
    }

    private bool Loses() => random.Next(100) < lostPercent;

    private Task TravelAsync()
    {
        var stalled = TimeSpan.FromTicks(Math.Max(0, store.StalledUntil - time.GetTimestamp()));
        return Task.Delay(stalled + TimeSpan.FromMilliseconds(1 + random.Next(3)), time);
    }
}
