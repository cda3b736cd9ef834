using Cluster.Shared.Http;
using Cluster.Shared.Results;

namespace Cluster.Node.Http;

/// <summary>The node behind the HTTP door: what it sees of the cluster, and what an operator may ask of it.</summary>
public interface INodeStatus
{
    /// <summary>Why this node does not serve requests now, in words; null when it does. Asked often: must be cheap.</summary>
    string? NotReadyBecause { get; }

    /// <summary>The cluster as this node sees it now.</summary>
    ValueTask<ClusterView> GetViewAsync(CancellationToken cancellation);

    /// <summary>What is not as it should be, as far as this node can tell.</summary>
    DiagnosisView Diagnose();

    /// <summary>The moves that the control plane would make from now on, as this node forecasts them.</summary>
    PlacementPlanView Plan();

    /// <summary>The number of the newest event that this node has told.</summary>
    ulong LastEvent { get; }

    /// <summary>The kept events after a number, oldest first; the newest <paramref name="most"/> of them.</summary>
    IReadOnlyList<ClusterEventView> ReadEvents(ulong after, int most);

    /// <summary>The kept events after a number, then each new one as it comes, until cancelled.</summary>
    IAsyncEnumerable<ClusterEventView> FollowEvents(ulong after, CancellationToken cancellation);

    /// <summary>The faults set on links from this node.</summary>
    IReadOnlyList<LinkFaultView> LinkFaults { get; }

    /// <summary>Replaces the faults on links from this node. Values are in range already; null, or an error for a node it does not know.</summary>
    ClusterError? SetLinkFaults(IReadOnlyList<LinkFaultView> faults);

    /// <summary>Whether this node records its messages.</summary>
    RecordingView Recording { get; }

    /// <summary>Starts or stops the recording of messages, and says how it stands then.</summary>
    RecordingView SetRecording(bool on);

    /// <summary>The oldest recorded messages after a number, at most so many.</summary>
    IReadOnlyList<MessageRecordView> ReadMessages(ulong after, int most);

    /// <summary>What this node's disk does wrong; set, it replaces what was set. Values are in range already.</summary>
    DiskFaultView DiskFaults { get; }

    /// <inheritdoc cref="DiskFaults"/>
    void SetDiskFaults(DiskFaultView faults);

    /// <summary>How this node's clock is wrong; set, it replaces what was set. Values are in range already.</summary>
    ClockFaultView ClockFaults { get; }

    /// <inheritdoc cref="ClockFaults"/>
    void SetClockFaults(ClockFaultView faults);

    /// <summary>Lets a member leave in good order; returns when the cluster has decided it, null, or why not.</summary>
    ValueTask<ClusterError?> LeaveAsync(string member, CancellationToken cancellation);

    /// <summary>Declares a member down; returns when the cluster has decided it, null, or why not.</summary>
    ValueTask<ClusterError?> DownAsync(string member, CancellationToken cancellation);

    /// <summary>Asks this process to stop in good order; returns at once.</summary>
    void RequestShutdown();
}
