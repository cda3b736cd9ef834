using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>Ends a pause. The node wakes with an old view of the world and must notice.</summary>
internal sealed class ResumeVerb() : SignalVerb("resume", "SIGCONT nodes: they go on where they stood")
{
    protected override ProcessState Goal => ProcessState.Running;

    protected override string Done(string node, string process) => $"{node} ({process}) goes on";

    protected override Task<bool> SendAsync(ClusterTarget cluster, string node, CancellationToken cancellation) => cluster.ResumeAsync(node, cancellation);
}
