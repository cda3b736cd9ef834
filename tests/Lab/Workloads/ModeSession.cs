using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>A node that has modes and no store.</summary>
internal sealed class ModeSession(Func<ModeCall, StoreAnswer> answer) : IClientSession
{
    public List<ModeCall> Calls { get; } = [];

    public string Asked => "n1";

    public long SentAgain => 0;

    public Task<StoreAnswer> CallAsync(ModeCall call)
    {
        Calls.Add(call);
        return Task.FromResult(answer(call));
    }

    public void MoveOn()
    {
        // There is one node.
    }

    public void Steer(string node)
    {
        // There is one node.
    }

    public Task<bool> TryConnectAsync(CancellationToken cancellation) => Task.FromResult(true);

    public Task<StoreAnswer> ReadAsync(string key, ReadConsistency consistency) => throw new NotSupportedException();

    public Task<StoreValues> ReadManyAsync(IReadOnlyList<string> keys, ReadConsistency consistency) => throw new NotSupportedException();

    public Task<StoreAnswer> WriteAsync(string key, string value) => throw new NotSupportedException();

    public Task<StoreAnswer> DeleteAsync(string key) => throw new NotSupportedException();

    public Task<StoreAnswer> AppendAsync(string key, string end) => throw new NotSupportedException();

    public Task<StoreAnswer> IncrementAsync(string key, long delta) => throw new NotSupportedException();

    public Task<StoreAnswer> CompareAndSetAsync(string key, string? expected, string value) => throw new NotSupportedException();

    public Task<StoreAnswer> TransactAsync(IReadOnlyList<string> keys, Func<IReadOnlyList<string?>, StoreDecision> decide) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
