using Cluster.Lab.Processes;

namespace Cluster.Client.Verbs;

/// <summary>A long stop of the whole process, as garbage collection, a slow disk or a moved virtual machine cause it.</summary>
internal sealed class PauseVerb() : SignalVerb("pause", "SIGSTOP nodes: they hold their connections and answer nothing")
{
    protected override ProcessState Goal => ProcessState.Paused;

    protected override string Done(string node, int pid) => $"{node} (process {pid}) is paused; 'lab resume {node}' lets it go on";

    protected override bool Send(NodeProcess process) => process.Pause();
}
