using System.CommandLine;
using System.Globalization;
using Cluster.Client.Nodes;
using Cluster.Lab;
using Cluster.Lab.Faults;
using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>A verb that changes what is wrong inside nodes, or, asked for no change, shows it. It fails when one of the nodes named could not be told.</summary>
internal abstract class NodeFaultVerb : Verb
{
    private readonly Argument<string[]> nodes = VerbOptions.Nodes();
    private readonly TargetOptions target = new();

    protected NodeFaultVerb(string name, string description)
        : base(name, description)
    {
        Add(nodes);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    /// <summary>Changes what was asked for.</summary>
    /// <returns>The nodes that could not be told, with the reason; null if no change was asked for.</returns>
    protected abstract Task<IReadOnlyDictionary<string, string>>? Change(ParseResult parsed, ClusterTarget cluster, NodeFaultInjector injector, IReadOnlyList<string> names, CancellationToken cancellation);

    /// <summary>What is wrong, in words, of each node that answers.</summary>
    protected abstract Task<IReadOnlyDictionary<string, string>> ShowAsync(NodeFaultInjector injector, CancellationToken cancellation);

    /// <summary>The parts that hold, with commas between.</summary>
    protected static string Words(string otherwise, params (bool Holds, FormattableString Text)[] parts)
    {
        var said = string.Join(", ", parts.Where(part => part.Holds).Select(part => part.Text.ToString(CultureInfo.InvariantCulture)));
        return said.Length == 0 ? otherwise : said;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var names = NodeChoice.Check(cluster, parsed.GetValue(nodes)!);
        var injector = new NodeFaultInjector(cluster, FaultVerb.RequestTimeout);
        if (Change(parsed, cluster, injector, names, cancellation) is { } changing)
        {
            Refuse(await changing.ConfigureAwait(false));
        }

        var shown = await ShowAsync(injector, cancellation).ConfigureAwait(false);
        foreach (var name in names)
        {
            Console.WriteLine($"{name}: {shown.GetValueOrDefault(name) ?? "does not answer"}");
        }

        return names.All(shown.ContainsKey) ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static void Refuse(IReadOnlyDictionary<string, string> failed)
    {
        if (failed.Count > 0)
        {
            throw new LabException(string.Join("; ", failed.Select(node => $"{node.Key} was not told: {node.Value}")));
        }
    }
}
