using System.Runtime.CompilerServices;
using Cluster.Node.Http;
using Cluster.Shared.Http;
using Cluster.Shared.Results;

namespace Cluster.Node.Tests.Support;

/// <summary>A node that sees one member and two shards, and notes what it is asked to do.</summary>
internal sealed class FakeStatus : INodeStatus
{
    private readonly List<ClusterEventView> told = [];
    private TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? NotReadyBecause { get; set; }

    /// <summary>Numbers of events that are not kept any more.</summary>
    public HashSet<ulong> Forgotten { get; } = [];

    public IReadOnlyList<LinkFaultView> LinkFaults { get; private set; } = [];

    public DiskFaultView DiskFaults { get; private set; } = DiskFaultView.None;

    public ClockFaultView ClockFaults { get; private set; } = ClockFaultView.None;

    public List<string> Asked { get; } = [];

    public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<ClusterView> GetViewAsync(CancellationToken cancellation) => ValueTask.FromResult(new ClusterView(
        "lab", "c1", "n1", 7, "n1", NotReadyBecause is null, NotReadyBecause,
        [new MemberView("n1", 1, "127.0.0.1:4053", 1, "up", true, 0, 1, 2)],
        [new ShardView(1, 0, 8191, "n1", 3, 10, 10, ["n1"], []), new ShardView(2, 8192, 16383, null, 3, 9, 9, ["n1"], [])]));

    public DiagnosisView Diagnose() => new("n1", DateTimeOffset.UnixEpoch, [new FindingView(FindingSeverity.Error, "shard-without-leader", "shard 2", "nobody leads it", "start n2")]);

    public PlacementPlanView Plan() => new("n1", false, "one move", [new PlannedMoveView(1, 2, MoveKind.AddReplica, null, "n1", false, "it has 1 replica")]);

    public ulong LastEvent => (ulong)told.Count;

    public void Tell(string text)
    {
        TaskCompletionSource waiting;
        lock (told)
        {
            told.Add(new ClusterEventView((ulong)told.Count + 1, DateTimeOffset.UnixEpoch, "n1", ClusterEventKind.MemberChanged, text));
            (waiting, grown) = (grown, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        waiting.SetResult();
    }

    public IReadOnlyList<ClusterEventView> ReadEvents(ulong after, int most)
    {
        lock (told)
        {
            return [.. told.Where(one => one.Sequence > after && !Forgotten.Contains(one.Sequence)).TakeLast(most)];
        }
    }

    public async IAsyncEnumerable<ClusterEventView> FollowEvents(ulong after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            Task more;
            IReadOnlyList<ClusterEventView> next;
            lock (told)
            {
                (more, next) = (grown.Task, ReadEvents(after, int.MaxValue));
            }

            foreach (var one in next)
            {
                yield return one;
                after = one.Sequence;
            }

            if (next.Count == 0)
            {
                await more.WaitAsync(cancellation);
            }
        }
    }

    public ClusterError? SetLinkFaults(IReadOnlyList<LinkFaultView> faults)
    {
        if (faults.Any(fault => fault.To == "nobody"))
        {
            return new ClusterError(ErrorCode.NotFound, "there is no node 'nobody' in this cluster");
        }

        LinkFaults = faults;
        return null;
    }

    public RecordingView Recording { get; private set; } = new(false, 17, 1, 0, 100);

    /// <summary>What it pretends to have recorded.</summary>
    public List<MessageRecordView> Messages { get; } = [];

    public RecordingView SetRecording(bool on) => Recording = Recording with { On = on };

    public IReadOnlyList<MessageRecordView> ReadMessages(ulong after, int most) => [.. Messages.Where(record => record.Sequence > after).Take(most)];

    public void SetDiskFaults(DiskFaultView faults) => DiskFaults = faults;

    public void SetClockFaults(ClockFaultView faults) => ClockFaults = faults;

    public ValueTask<ClusterError?> LeaveAsync(string member, CancellationToken cancellation) => Ask("leave " + member);

    public ValueTask<ClusterError?> DownAsync(string member, CancellationToken cancellation) => Ask("down " + member);

    public void RequestShutdown() => Stopped.TrySetResult();

    private ValueTask<ClusterError?> Ask(string what)
    {
        Asked.Add(what);
        return ValueTask.FromResult(what.EndsWith(" n1", StringComparison.Ordinal) ? null : new ClusterError(ErrorCode.NotFound, $"cannot {what}: there is no such member"));
    }
}
