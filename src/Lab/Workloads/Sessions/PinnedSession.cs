using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads.Sessions;

/// <summary>A client that stays with one node, whatever that does: what it is answered is what that side of a partition answers.</summary>
internal sealed class PinnedSession(IClientSession session, string node) : IClientSession
{
    public string Asked => node;

    public long SentAgain => session.SentAgain;

    public void MoveOn() => session.MoveOn();

    /// <summary>Nobody sends it elsewhere.</summary>
    public void Steer(string node)
    {
    }

    public async Task<bool> TryConnectAsync(CancellationToken cancellation)
    {
        if (session.Asked != node)
        {
            session.Steer(node);
        }

        return await session.TryConnectAsync(cancellation).ConfigureAwait(false) && session.Asked == node;
    }

    public Task<StoreAnswer> ReadAsync(string key, ReadConsistency consistency) => session.ReadAsync(key, consistency);

    public Task<StoreValues> ReadManyAsync(IReadOnlyList<string> keys, ReadConsistency consistency) => session.ReadManyAsync(keys, consistency);

    public Task<StoreAnswer> WriteAsync(string key, string value) => session.WriteAsync(key, value);

    public Task<StoreAnswer> DeleteAsync(string key) => session.DeleteAsync(key);

    public Task<StoreAnswer> AppendAsync(string key, string end) => session.AppendAsync(key, end);

    public Task<StoreAnswer> IncrementAsync(string key, long delta) => session.IncrementAsync(key, delta);

    public Task<StoreAnswer> CompareAndSetAsync(string key, string? expected, string value) => session.CompareAndSetAsync(key, expected, value);

    public Task<StoreAnswer> TransactAsync(IReadOnlyList<string> keys, Func<IReadOnlyList<string?>, StoreDecision> decide) => session.TransactAsync(keys, decide);

    public Task<StoreAnswer> CallAsync(ModeCall call) => session.CallAsync(call);

    public ValueTask DisposeAsync() => session.DisposeAsync();
}
