using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>The crash of a process: what it had not written is gone, its peers hear nothing.</summary>
internal sealed class KillVerb() : SignalVerb("kill", "SIGKILL nodes: no goodbye, nothing flushed")
{
    protected override ProcessState Goal => ProcessState.Dead;

    protected override string Done(string node, string process) => $"{node} ({process}) is killed; 'lab restart {node}' starts it again on its data";

    protected override Task<bool> SendAsync(ClusterTarget cluster, string node, CancellationToken cancellation) => cluster.KillAsync(node, cancellation);
}
