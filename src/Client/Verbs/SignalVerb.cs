using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab.Targets;

namespace Cluster.Client.Verbs;

/// <summary>A verb that sends one signal to the named nodes' processes, and waits until it shows.</summary>
internal abstract class SignalVerb : Verb
{
    /// <summary>The kernel carries a signal out in microseconds unless the process hangs in it, a container engine in up to some seconds.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly Argument<string[]> nodes = VerbOptions.Nodes();
    private readonly TargetOptions target = new();

    protected SignalVerb(string name, string description)
        : base(name, description)
    {
        Add(nodes);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => [$"lab {Name} n2", $"lab {Name} n1 n2"];

    /// <summary>The state that the process is to reach.</summary>
    protected abstract ProcessState Goal { get; }

    /// <summary>What was done, and what undoes it.</summary>
    protected abstract string Done(string node, string process);

    /// <returns>False: the process is dead already.</returns>
    protected abstract Task<bool> SendAsync(ClusterTarget cluster, string node, CancellationToken cancellation);

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var code = ExitCodes.Ok;
        foreach (var name in NodeChoice.CheckProcesses(cluster, parsed.GetValue(nodes)!))
        {
            if (!await SendAsync(cluster, name, cancellation).ConfigureAwait(false))
            {
                await Console.Error.WriteLineAsync($"lab: {name} does not run: 'lab restart {name}' starts it again").ConfigureAwait(false);
                code = ExitCodes.Failed;
                continue;
            }

            if (!await cluster.WaitForAsync(name, Goal, Deadline, cancellation).ConfigureAwait(false))
            {
                await Console.Error.WriteLineAsync($"lab: {name} ({cluster.Describe(name)}) is still not {Goal.ToString().ToLowerInvariant()} {Deadline.TotalSeconds:0} s after the signal").ConfigureAwait(false);
                code = ExitCodes.Failed;
                continue;
            }

            Console.WriteLine(Done(name, cluster.Describe(name)));
        }

        return code;
    }
}
