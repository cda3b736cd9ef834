using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab.Faults;
using Cluster.Lab.Processes;

namespace Cluster.Client.Verbs;

/// <summary>A verb that changes faults on links. Succeeds when every node that lives could be told; dead ones have no links.</summary>
internal abstract class FaultVerb : Verb
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);

    private readonly Option<string> directory = VerbOptions.Directory();

    protected FaultVerb(string name, string description)
        : base(name, description)
    {
        Add(directory);
        SetAction(RunAsync);
    }

    /// <returns>What was done, in words, and the nodes that could not be told.</returns>
    protected abstract Task<(string Done, IReadOnlyDictionary<string, string> Failed)> ApplyAsync(ParseResult parsed, LocalCluster cluster, LinkFaultInjector injector, CancellationToken cancellation);

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = NodeChoice.Open(parsed.GetValue(directory)!);
        var (done, failed) = await ApplyAsync(parsed, cluster, new LinkFaultInjector(cluster, RequestTimeout), cancellation).ConfigureAwait(false);
        var code = ExitCodes.Ok;
        foreach (var (name, reason) in failed)
        {
            await Console.Error.WriteLineAsync($"lab: {name} was not told: {reason}").ConfigureAwait(false);
            code = cluster.Process(name).State == ProcessState.Dead ? code : ExitCodes.Failed;
        }

        if (failed.Count < cluster.Nodes.Count)
        {
            Console.WriteLine(done);
            return code;
        }

        return ExitCodes.Failed;
    }
}
