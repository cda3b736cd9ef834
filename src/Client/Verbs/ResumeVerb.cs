using Cluster.Lab.Processes;

namespace Cluster.Client.Verbs;

/// <summary>Ends a pause. The node wakes with an old view of the world and must notice.</summary>
internal sealed class ResumeVerb() : SignalVerb("resume", "SIGCONT nodes: they go on where they stood")
{
    protected override ProcessState Goal => ProcessState.Running;

    protected override string Done(string node, int pid) => $"{node} (process {pid}) goes on";

    protected override bool Send(NodeProcess process) => process.Resume();
}
