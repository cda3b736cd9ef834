using Cluster.Engine.Hosting;
using Cluster.Node.Http;
using Cluster.Shared.Http;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;

namespace Cluster.Node.Hosting;

/// <summary>The engine behind the HTTP door's cluster and admin operations.</summary>
internal sealed class NodeStatus(EmbeddedNode node, NodeFaults faults, ProcessEnd ending, IHostApplicationLifetime lifetime) : INodeStatus
{
    public string? NotReadyBecause => ending.IsStopping ? "it was told to end, and is about to" : node.View.NotReadyBecause;

    public IReadOnlyList<LinkFaultView> LinkFaults => node.Faults.Current;

    public ValueTask<ClusterView> GetViewAsync(CancellationToken cancellation) => ValueTask.FromResult(node.View.Describe());

    public DiagnosisView Diagnose() => node.View.Diagnose();

    public PlacementPlanView Plan() => node.View.Plan();

    public ulong LastEvent => node.Events.Last;

    public IReadOnlyList<ClusterEventView> ReadEvents(ulong after, int most) => node.Events.Read(after, most);

    public IAsyncEnumerable<ClusterEventView> FollowEvents(ulong after, CancellationToken cancellation) => node.Events.FollowAsync(after, cancellation);

    public ClusterError? SetLinkFaults(IReadOnlyList<LinkFaultView> links)
    {
        try
        {
            node.Faults.Set(links);
            return null;
        }
        catch (ArgumentException refused)
        {
            return new ClusterError(ErrorCode.BadRequest, refused.Message);
        }
    }

    public RecordingView Recording => node.Recorder.State;

    public RecordingView SetRecording(bool on)
    {
        if (on)
        {
            node.Recorder.Start();
        }
        else
        {
            node.Recorder.Stop();
        }

        return node.Recorder.State;
    }

    public IReadOnlyList<MessageRecordView> ReadMessages(ulong after, int most) => node.Recorder.Read(after, most);

    public DiskFaultView DiskFaults => faults.DiskFaults;

    public void SetDiskFaults(DiskFaultView set) => faults.DiskFaults = set;

    public ClockFaultView ClockFaults => faults.ClockFaults;

    public void SetClockFaults(ClockFaultView set) => faults.ClockFaults = set;

    public ValueTask<ClusterError?> LeaveAsync(string member, CancellationToken cancellation) =>
        NodeName.TryParse(member, out var name) ? node.Administration.LeaveAsync(name, cancellation) : ValueTask.FromResult<ClusterError?>(NoName(member));

    public ValueTask<ClusterError?> DownAsync(string member, CancellationToken cancellation) =>
        NodeName.TryParse(member, out var name) ? node.Administration.DownAsync(name, cancellation) : ValueTask.FromResult<ClusterError?>(NoName(member));

    public void RequestShutdown() => lifetime.StopApplication();

    private static ClusterError NoName(string member) => new(ErrorCode.BadRequest, $"'{member}' is not a node name");
}
