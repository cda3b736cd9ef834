using System.Text;
using Cluster.Engine.Simulation;
using Cluster.Lab;
using Cluster.Lab.Histories;
using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Modes;
using Cluster.Modes.Hosting;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Simulator.Stage;

/// <summary>
/// One client's connection to one simulated node at a time. It asks the store where the node's front doors ask it, so what the doors add (parsing, connections) is left
/// out; a node that dies takes the calls that it had not answered with it, and their outcome is unknown.
/// </summary>
internal sealed class SimulatedSession(SimulatedCluster cluster, SimulatedModes modes, EngineCalls calls, int first, WorkloadOptions options) : IClientSession
{
    private int current = first % cluster.Nodes.Count;
    private string? steeredTo;

    public string Asked => Node.Name.ToString();

    public long SentAgain => 0;

    private SimulatedNode Node => cluster.Nodes[current];

    public void MoveOn() => current = (current + 1) % cluster.Nodes.Count;

    public void Steer(string node) => steeredTo = node;

    /// <summary>A paused process's connections are taken by its kernel; only a dead one's are refused.</summary>
    public Task<bool> TryConnectAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (steeredTo is { } name && cluster.Nodes.Index().FirstOrDefault(node => node.Item.Name.ToString() == name) is { Item: not null } found)
        {
            current = found.Index;
        }

        steeredTo = null;
        if (!Node.IsRunning)
        {
            MoveOn();
            return Task.FromResult(false);
        }

        return Task.FromResult(true);
    }

    public async Task<StoreAnswer> ReadAsync(string key, ReadConsistency consistency)
    {
        var result = await AskAsync(KvCommands.Get(Bytes(key)), consistency).ConfigureAwait(false);
        return result.Reply is { } reply ? StoreAnswer.Ok(Text(reply)) : StoreAnswer.Fail;
    }

    public async Task<StoreValues> ReadManyAsync(IReadOnlyList<string> keys, ReadConsistency consistency)
    {
        var result = await AskAsync(ReadAll(keys), consistency).ConfigureAwait(false);
        return result.Reply is { } reply ? new StoreValues(Outcome.Ok, [.. reply.Replies.Select(Text)]) : StoreValues.Fail;
    }

    public Task<StoreAnswer> WriteAsync(string key, string value) => ChangeAsync(KvCommands.Put(Bytes(key), Bytes(value)), static _ => null);

    public Task<StoreAnswer> DeleteAsync(string key) => ChangeAsync(KvCommands.Delete(Bytes(key)), static _ => null);

    public Task<StoreAnswer> AppendAsync(string key, string end) => ChangeAsync(KvCommands.Append(Bytes(key), Bytes(end)), static _ => null);

    public Task<StoreAnswer> IncrementAsync(string key, long delta) =>
        ChangeAsync(KvCommands.Increment(Bytes(key), delta), static reply => reply.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public Task<StoreAnswer> CompareAndSetAsync(string key, string? expected, string value)
    {
        var put = KvCommands.Put(Bytes(key), Bytes(value));
        return ChangeAsync(expected is null ? put.OnlyIfAbsent() : put.OnlyIfValue(Bytes(expected)), static _ => "true");
    }

    public async Task<StoreAnswer> TransactAsync(IReadOnlyList<string> keys, Func<IReadOnlyList<string?>, StoreDecision> decide)
    {
        var read = await AskAsync(ReadAll(keys), ReadConsistency.Linearizable).ConfigureAwait(false);
        if (read.Reply is not { } seen)
        {
            return StoreAnswer.Fail;
        }

        var decision = decide([.. seen.Replies.Select(Text)]);
        if (decision.IsRefusal)
        {
            return StoreAnswer.Conflict;
        }

        if (decision.Writes.Count == 0)
        {
            return StoreAnswer.Ok(decision.Output); // A batch of reads is one instant already.
        }

        var batch = KvCommands.Batch(decision.Writes.Select(Write));
        foreach (var (at, key) in keys.Index())
        {
            batch.Guards.Add(new KvGuard { Key = UnsafeByteOperations.UnsafeWrap(Bytes(key)), Revision = seen.Replies[at].Revision, Seen = seen.Revision });
        }

        return await ChangeAsync(batch, _ => decision.Output).ConfigureAwait(false);
    }

    public async Task<StoreAnswer> CallAsync(ModeCall call)
    {
        if (!Node.IsRunning)
        {
            return StoreAnswer.Fail;
        }

        var operation = ModeCatalog.Find(call.Mode)?.FindOperation(call.Operation) ?? throw new LabException($"there is no operation {call.Operation} of a mode {call.Mode}");
        var given = call.Arguments.Where(argument => argument.Value is not null).ToDictionary(argument => argument.Name, argument => argument.Value!);
        if (!operation.TryRead(given, out var request, out var wrong))
        {
            throw new LabException($"a workload asks {call.Mode} for what it cannot be asked: {wrong.Message}");
        }

        var (node, asked, start) = (Node, Node.Engine, cluster.Time.GetTimestamp());
        var answer = await calls.WaitAsync(
            new ValueTask<ModeAnswer>(modes.On(asked).AskAsync(call.Mode, request, operation.IsRead, ModeHost.Patience, CancellationToken.None)),
            () => !node.IsRunning || node.Engine != asked || cluster.Time.GetElapsedTime(start) > options.OperationTimeout,
            ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, "its connection broke, or it took too long"))).ConfigureAwait(false);
        if (answer.Error is { Code: ErrorCode.OutcomeUnknown })
        {
            MoveOn();
        }

        return answer.Error?.Code switch
        {
            null => StoreAnswer.Ok(Encoding.UTF8.GetString(answer.Json!)),
            ErrorCode.Conflict or ErrorCode.NotFound => StoreAnswer.Conflict,
            ErrorCode.OutcomeUnknown when !operation.IsRead => StoreAnswer.Info,
            _ => StoreAnswer.Fail,
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static KvCommand Write(StoreWrite write) => write.Value is not { } value ? KvCommands.Delete(Bytes(write.Key))
        : write.Life is { } life ? KvCommands.Put(Bytes(write.Key), Bytes(value)).ExpiringAfter((long)life.TotalMilliseconds)
        : KvCommands.Put(Bytes(write.Key), Bytes(value));

    private static KvCommand ReadAll(IReadOnlyList<string> keys) => KvCommands.Batch(keys.Select(key => KvCommands.Get(Bytes(key))));

    /// <summary>Only one answer leaves it open whether there was an effect; every other refusal is certain that there was none.</summary>
    private async Task<StoreAnswer> ChangeAsync(KvCommand command, Func<KvReply, string?> output)
    {
        var result = await AskAsync(command, ReadConsistency.Linearizable).ConfigureAwait(false);
        return result.Reply switch
        {
            null => result.Error!.Code == ErrorCode.OutcomeUnknown ? StoreAnswer.Info : StoreAnswer.Fail,
            { Status: KvStatus.Ok or KvStatus.NotFound } reply => StoreAnswer.Ok(output(reply)),
            { Status: KvStatus.ConditionFailed } => StoreAnswer.Conflict,
            var reply => throw new InvalidOperationException($"{command.Op} was answered by {reply.Status}: {reply.Detail}"),
        };
    }

    private async Task<KvResult> AskAsync(KvCommand command, ReadConsistency consistency)
    {
        if (!Node.IsRunning)
        {
            return new ClusterError(ErrorCode.Unavailable, $"{Node.Name} takes no connection");
        }

        var (node, asked, deadline) = (Node, Node.Engine, cluster.Now + options.OperationTimeout);
        var result = await calls.WaitAsync(
            asked.KeyValue.ExecuteAsync(command, consistency, RequestIdentity.None, CancellationToken.None),
            () => !node.IsRunning || node.Engine != asked || cluster.Now > deadline,
            new ClusterError(ErrorCode.OutcomeUnknown, "its connection broke, or it took too long")).ConfigureAwait(false);
        if (result.Error?.Code == ErrorCode.OutcomeUnknown)
        {
            MoveOn();
        }

        return result;
    }

    private static string? Text(KvReply reply) => reply.HasValue ? reply.Value.ToStringUtf8() : null;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
