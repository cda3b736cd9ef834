using System.CommandLine;
using Cluster.Client.Nodes;
using Cluster.Lab.Processes;

namespace Cluster.Client.Verbs;

/// <summary>A verb that sends one signal to the named nodes' processes, and waits until it shows.</summary>
internal abstract class SignalVerb : Verb
{
    /// <summary>The kernel carries a signal out in microseconds, unless the process hangs in it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly Argument<string[]> nodes = VerbOptions.Nodes();
    private readonly Option<string> directory = VerbOptions.Directory();

    protected SignalVerb(string name, string description)
        : base(name, description)
    {
        Add(nodes);
        Add(directory);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => [$"lab {Name} n2", $"lab {Name} n1 n2"];

    /// <summary>The state that the process is to reach.</summary>
    protected abstract ProcessState Goal { get; }

    /// <summary>What was done, and what undoes it.</summary>
    protected abstract string Done(string node, int pid);

    /// <returns>False: the process is dead already.</returns>
    protected abstract bool Send(NodeProcess process);

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = NodeChoice.Open(parsed.GetValue(directory)!);
        var code = ExitCodes.Ok;
        foreach (var name in NodeChoice.Check(cluster, parsed.GetValue(nodes)!))
        {
            var process = cluster.Process(name);
            if (!Send(process))
            {
                await Console.Error.WriteLineAsync($"lab: {name} does not run: 'lab restart {name}' starts it again").ConfigureAwait(false);
                code = ExitCodes.Failed;
                continue;
            }

            if (!await ReachAsync(process, cancellation).ConfigureAwait(false))
            {
                await Console.Error.WriteLineAsync($"lab: {name} (process {process.Pid}) is still {process.State.ToString().ToLowerInvariant()} {Deadline.TotalSeconds:0} s after the signal").ConfigureAwait(false);
                code = ExitCodes.Failed;
                continue;
            }

            Console.WriteLine(Done(name, process.Pid));
        }

        return code;
    }

    private async Task<bool> ReachAsync(NodeProcess process, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (process.State != Goal)
        {
            if (TimeProvider.System.GetElapsedTime(start) > Deadline)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellation).ConfigureAwait(false);
        }

        return true;
    }
}
