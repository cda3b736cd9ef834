using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>A long stop of the whole process, as garbage collection, a slow disk or a moved virtual machine cause it.</summary>
internal sealed class PauseVerb() : SignalVerb("pause", "SIGSTOP nodes: they hold their connections and answer nothing")
{
    protected override ProcessState Goal => ProcessState.Paused;

    protected override string Done(string node, string process) => $"{node} ({process}) is paused; 'lab resume {node}' lets it go on";

    protected override Task<bool> SendAsync(ClusterTarget cluster, string node, CancellationToken cancellation) => cluster.PauseAsync(node, cancellation);
}
