using System.CommandLine;
using Cluster.Client.Labs;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Shared.Scenarios;

namespace Cluster.Client.Verbs;

/// <summary>The simulator over many seeds, or one seed again. The verdict is the last line and the exit code: violated if one seed is.</summary>
internal sealed class SimVerb : Verb
{
    private readonly Option<int> seeds = VerbOptions.Number("--seeds", "How many seeds", 100, 1, 10_000_000);
    private readonly Option<int?> seed = new("--seed") { Description = "The first seed (1 if not given); alone: this one only", HelpName = "S" };
    private readonly Option<string?> mode = new("--mode") { Description = "A mode, as 'lab list' shows it (all of them in turn if not given)", HelpName = "SLUG" };
    private readonly Option<int?> seconds = VerbOptions.Seconds("How long clients work under faults in each run, in virtual seconds");
    private readonly Option<string?> bug = new("--bug") { Description = "Simulate the broken variant of that name", HelpName = "NAME" };
    private readonly Option<bool> minimise = new("--minimise") { Description = "With one seed: make the schedule of a violation as short as it still shows it" };
    private readonly Option<int> workers = VerbOptions.Number("--workers", "Runs at one time, each in a thread of its own", Environment.ProcessorCount, 1, 1_024);
    private readonly Option<string?> output = new("--out") { Description = "With one seed: where its files go, as with 'lab run'", HelpName = "DIR" };

    public SimVerb()
        : base("sim", "Simulate whole clusters under faults, many seeds; a failing seed replays exactly")
    {
        Add(seeds);
        Add(seed);
        Add(mode);
        Add(seconds);
        Add(bug);
        Add(minimise);
        Add(workers);
        Add(output);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab sim --seeds 1000", "lab sim --mode shared-nothing --seed 42 --minimise", "lab sim --mode shared-nothing --bug vote-twice --seeds 20"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var modes = ModeCatalog.Parse(await ModeCatalog.ReadJsonAsync(cancellation).ConfigureAwait(false));
        var slugs = parsed.GetValue(mode) is { } named ? [named] : modes.Select(entry => entry.Slug).ToList();
        foreach (var slug in slugs)
        {
            var entry = modes.FirstOrDefault(known => known.Slug == slug) ?? throw new UsageException($"there is no mode '{slug}'; the modes are {string.Join(", ", modes.Select(known => known.Slug))}");
            if (parsed.GetValue(bug) is { } asked && !entry.Bugs.Contains(asked))
            {
                throw new UsageException($"{slug} has no broken variant '{asked}'; it has {string.Join(", ", entry.Bugs)}");
            }
        }

        var alone = parsed.GetValue(seed) is not null && parsed.GetResult(seeds) is not { Implicit: false };
        if (!alone && (parsed.GetValue(minimise) || parsed.GetValue(output) is not null))
        {
            throw new UsageException("--minimise and --out are for one seed: name it with --seed");
        }

        var order = new SimulationOrder(slugs, parsed.GetValue(seed) ?? 1)
        {
            Seeds = alone ? 1 : parsed.GetValue(seeds),
            Seconds = parsed.GetValue(seconds),
            Bug = parsed.GetValue(bug),
            Minimise = parsed.GetValue(minimise),
            Workers = parsed.GetValue(workers),
            Out = parsed.GetValue(output),
            ShowsProgress = Terminal.IsInteractive,
        };
        return await SimulatorProgram.RunAsync(order, cancellation).ConfigureAwait(false);
    }
}
