using System.CommandLine;
using System.CommandLine.Help;

namespace Cluster.Client.Verbs;

/// <summary>The root of the console: every verb it knows.</summary>
internal sealed class LabCommand : Command
{
    public LabCommand()
        : base("lab", "Cluster Lab: start a real cluster, use it, break it, watch it.")
    {
        Verb[] verbs =
        [
            new UpVerb(), new ConsoleVerb(), new AddVerb(), new StatusVerb(), new ClusterVerb(), new KillVerb(), new PauseVerb(), new ResumeVerb(), new RestartVerb(), new StopVerb(),
            new PartitionVerb(), new IsolateVerb(), new LinkVerb(), new DiskVerb(), new ClockVerb(), new HealVerb(), new DownVerb(), new ListVerb(), new RunVerb(), new SimVerb(), new ModeVerb(), new CheckVerb(), new LoadVerb(), new RedisVerb(), new LockVerb(), new PubSubVerb(), new FailoverVerb(), new ElasticVerb(), new TourVerb(), new BenchVerb(), new CompareVerb(),
            new CertsVerb(), new NewModeVerb(), new SagaVerb(), new KvVerb(), new BreakerVerb(),
        ];
        foreach (var verb in verbs)
        {
            Add(verb);
        }

        // Not a RootCommand: that one is named after the program file, and people call this one lab.
        var help = new HelpOption();
        help.Action = new ExamplesHelp((HelpAction)help.Action!);
        Add(help);
    }

    public IReadOnlyList<string> Examples { get; } =
    [
        "lab tour                     the first five minutes: up, load, kill a leader, verdict",
        "lab up && redis-cli -p 6379 set hello world",
        "lab status",
        "lab console                  stay: a prompt with completion, history, every mode's operations",
        "lab kill n2 && lab restart n2",
        "lab add && lab stop n1       one node more, and one that leaves in order",
        "lab bench --workload set      throughput and latency",
        "lab run shared-nothing       a mode's lab: clients, faults, verdict, report",
        "lab sim --seeds 1000         the same in the simulator, a thousand times",
        "lab mode leader-election     ask a mode of a running cluster",
        "lab kv --mode client-server put greeting hello   keys of a storage mode, and where they live",
        "lab lock backup -- ./backup.sh  run a command while holding a lock of the cluster",
        "lab down",
        "lab test                     the whole test suite",
    ];
}
