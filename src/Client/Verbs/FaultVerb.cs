using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab.Faults;
using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>A verb that changes faults on links. Succeeds when every node that lives could be told; dead ones have no links.</summary>
internal abstract class FaultVerb : Verb
{
    /// <summary>A node that lives answers at once, unless its disk or its machine is slower than any fault should be.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);

    private readonly TargetOptions target = new();

    protected FaultVerb(string name, string description)
        : base(name, description)
    {
        target.AddTo(this);
        SetAction(RunAsync);
    }

    /// <returns>What was done, in words, and the nodes that could not be told.</returns>
    protected abstract Task<(string Done, IReadOnlyDictionary<string, string> Failed)> ApplyAsync(ParseResult parsed, ClusterTarget cluster, LinkFaultInjector injector, CancellationToken cancellation);

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var (done, failed) = await ApplyAsync(parsed, cluster, new LinkFaultInjector(cluster, RequestTimeout), cancellation).ConfigureAwait(false);
        var code = ExitCodes.Ok;
        foreach (var (name, reason) in failed)
        {
            await Console.Error.WriteLineAsync($"lab: {name} was not told: {reason}").ConfigureAwait(false);
            code = await cluster.StateAsync(name, cancellation).ConfigureAwait(false) == ProcessState.Dead ? code : ExitCodes.Failed;
        }

        if (failed.Count < cluster.Nodes.Count)
        {
            Console.WriteLine(done);
            return code;
        }

        return ExitCodes.Failed;
    }
}
