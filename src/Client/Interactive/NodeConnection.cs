using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab;
using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Client.Interactive;

/// <summary>The node that the console speaks with, and what that one told of itself. Looked at before each line: nodes die, and clusters are started and stopped, from here and elsewhere.</summary>
internal sealed class NodeConnection(TargetOptions target, ParseResult parsed)
{
    /// <summary>Null while there is no cluster, or no node of it answers.</summary>
    public string? Node { get; private set; }

    public IReadOnlyList<string> Nodes { get; private set; } = [];

    public IReadOnlyList<ModeView> Modes { get; private set; } = [];

    /// <summary>Why there is no node.</summary>
    public string Trouble { get; private set; } = "";

    /// <summary>Speaks with the node that it spoke with, or with another one if that is away.</summary>
    /// <param name="wanted">Another node; null to stay.</param>
    /// <exception cref="UsageException">There is no such node.</exception>
    public async Task LookAsync(string? wanted, CancellationToken cancellation)
    {
        try
        {
            var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
            Nodes = cluster.NodeNames;
            if (wanted is not null)
            {
                NodeChoice.Check(cluster, wanted);
            }

            await ConnectAsync(cluster, wanted ?? Node, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LabException or NodeRefusedException or IOException || NodeApi.IsNoAnswer(e))
        {
            (Node, Modes, Trouble) = (null, [], e.Message);
        }
    }

    private async Task ConnectAsync(ClusterTarget cluster, string? first, CancellationToken cancellation)
    {
        var running = await cluster.RunningAsync(cancellation).ConfigureAwait(false);
        var asked = first is not null && running.Contains(first) ? running.Where(name => name != first).Prepend(first) : running;
        foreach (var name in asked)
        {
            try
            {
                Modes = await ModeCaller.ListAsync(cluster, name, cancellation).ConfigureAwait(false);
                Node = name;
                return;
            }
            catch (Exception e) when (e is LabException || NodeApi.IsNoAnswer(e))
            {
                Trouble = e.Message; // The next one may answer.
            }
        }

        Node = null;
        Modes = [];
        Trouble = running.Count == 0 ? "no node runs" : Trouble;
    }
}
