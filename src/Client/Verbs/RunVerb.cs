using System.CommandLine;
using System.Globalization;
using Cluster.Client.Labs;
using Cluster.Client.Nodes;
using Cluster.Client.Output;
using Cluster.Lab.Databases;
using Cluster.Lab.Processes;
using Cluster.Lab.Scenarios;
using Cluster.Lab.Scenarios.Outputs;
using Cluster.Lab.Schedules;
using Cluster.Lab.Targets;
using Cluster.Shared.Scenarios;
using Spectre.Console;

namespace Cluster.Client.Verbs;

/// <summary>Runs a mode's lab: a cluster of its own, clients, faults, and a verdict from what was recorded. The verdict is the last line and the exit code: holds 0, violated 1, unknown 2.</summary>
internal sealed class RunVerb : Verb
{
    private readonly Argument<string> slug = new("SLUG") { Description = "A mode, as 'lab list' shows it" };
    private readonly Option<string> engine = new("--engine") { Description = "process: real node processes; sim: all of it in one thread under virtual time", DefaultValueFactory = _ => "process", HelpName = "ENGINE" };
    private readonly Option<SeedRange?> seed = VerbOptions.Parsed("--seed", "Chooses faults, operations and keys; another one each time if not given. With --engine sim also a range, 1..200", "N", SeedRange.Parse);
    private readonly Option<int?> seconds = VerbOptions.Seconds("How long the clients work under faults");
    private readonly Option<string?> bug = new("--bug") { Description = "Run the broken variant of that name: its lab must end in 'violated'", HelpName = "NAME" };
    private readonly Option<string?> output = VerbOptions.NotEmpty(new Option<string?>("--out") { Description = "Where verdict.json, history.jsonl, faults.json, messages.jsonl and report.html go (default: .lab/runs/SLUG)", HelpName = "DIR" });
    private readonly Option<string?> faults = new("--faults") { Description = "A schedule of faults (faults.json) instead of one that the seed makes", HelpName = "FILE" };
    private readonly Option<int?> nodes = new("--nodes") { Description = "Nodes of the cluster (the lab's own number if not given)", HelpName = "N" };
    private readonly Option<bool> minimise = new("--minimise") { Description = "With --engine sim: make the schedule of a violation as short as it still shows it" };
    private readonly Option<bool> keep = new("--keep") { Description = "Keep logs and data of the nodes in DIR/nodes" };
    private readonly Option<string?> postgres = VerbOptions.Postgres("a lab that needs one starts its own if not given");
    private readonly TargetOptions target = new();

    public RunVerb()
        : base("run", "Run a mode's lab: clients, faults, a recorded history, a verdict, a report")
    {
        engine.AcceptOnlyFromAmong("process", "sim");
        nodes.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var count) || count is < 1 or > LaunchPlan.MaxNodes))
            {
                result.AddError($"--nodes is {result.Tokens[0].Value}; it must be a whole number from 1 to {LaunchPlan.MaxNodes}");
            }
        });
        Add(slug);
        Add(engine);
        Add(seed);
        Add(seconds);
        Add(bug);
        Add(output);
        Add(faults);
        Add(nodes);
        Add(minimise);
        Add(keep);
        Add(postgres);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "lab run shared-nothing --seconds 30 --out out/",
        "lab run shared-nothing --bug stale-read",
        "lab run shared-nothing --engine sim --seed 42",
        "lab run shared-nothing --engine sim --seed 1..200",
        "lab run shared-nothing --target compose",
    ];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var scenario = await ModeCatalog.ReadScenarioAsync(parsed.GetValue(slug)!, cancellation).ConfigureAwait(false);
        RefuseUnknown(scenario, parsed);
        var path = parsed.GetValue(output) ?? Path.Combine(VerbOptions.DefaultDirectory, "runs", scenario.Slug);
        var seeds = parsed.GetValue(seed) ?? new SeedRange((int)(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % 1_000_000), 1);
        if (seeds.Count > 1 && parsed.GetValue(engine) != "sim")
        {
            throw new UsageException("a range of seeds is many runs one after the other, which takes --engine sim");
        }

        if (seeds.Count > 1 && (parsed.GetValue(minimise) || parsed.GetValue(output) is not null))
        {
            throw new UsageException("--minimise and --out are for one seed, not for a range of them");
        }

        if (parsed.GetValue(output) is not null)
        {
            OutputPlace.CheckFolder("--out", path);
        }

        if (parsed.GetValue(engine) == "sim")
        {
            return await SimulatorProgram.RunAsync(Order(scenario, seeds, path, parsed), cancellation).ConfigureAwait(false);
        }

        if (parsed.GetValue(minimise))
        {
            throw new UsageException("--minimise runs the same seed again and again, which only --engine sim can");
        }

        if (RefusedBackend(scenario, parsed) is { } refused)
        {
            await Console.Error.WriteLineAsync("lab: " + refused).ConfigureAwait(false);
            return (int)Lab.Checkers.Verdict.Unknown;
        }

        var plan = ScenarioPlan.Generate(scenario, parsed.GetValue(bug), seeds.First, parsed.GetValue(seconds) is { } asked ? TimeSpan.FromSeconds(asked) : scenario.Span, parsed.GetValue(nodes));
        var outcome = target.IsLocal(parsed) ? await OwnAsync(plan, path, parsed, cancellation).ConfigureAwait(false) : await OtherAsync(plan, path, parsed, cancellation).ConfigureAwait(false);
        return Tell(outcome, path);
    }

    private void RefuseUnknown(Scenario scenario, ParseResult parsed)
    {
        if (parsed.GetValue(bug) is { } asked && scenario.Bugs.All(known => known.Name != asked))
        {
            throw new UsageException($"{scenario.Slug} has no broken variant '{asked}'; it has {string.Join(", ", scenario.Bugs.Select(known => known.Name))}");
        }

        if (parsed.GetValue(faults) is { } file && !File.Exists(file))
        {
            throw new UsageException($"there is no file {file}");
        }

        if (parsed.GetValue(engine) == "process" && parsed.GetValue(bug) is { } name && !ScenarioPlan.Find(scenario, name).OnProcesses)
        {
            throw new UsageException($"the broken variant '{name}' shows only where time and network are simulated: add --engine sim");
        }
    }

    /// <summary>Why the lab shows nothing on the cluster that was asked for; null when it can be played there.</summary>
    private string? RefusedBackend(Scenario scenario, ParseResult parsed)
    {
        var backend = target.IsLocal(parsed) ? ScenarioBackend.Process : target.IsCompose(parsed) ? ScenarioBackend.Compose : ScenarioBackend.Remote;
        return scenario.Backends.Contains(backend) ? null : $"{scenario.Slug} is not played on this kind of cluster; it is on {string.Join(", ", scenario.Backends).ToLowerInvariant()}";
    }

    /// <summary>On a cluster that is started for it and taken away after it.</summary>
    private async Task<RunOutcome> OwnAsync(ScenarioPlan plan, string path, ParseResult parsed, CancellationToken cancellation)
    {
        plan = Scheduled(plan, [.. Enumerable.Range(1, plan.Scenario.Nodes).Select(LaunchPlan.NodeName)], parsed);
        var folder = new RunFolder(path);
        var launch = new LaunchPlan("lab-run", plan.Scenario.Nodes, FreePorts.FindOffset(plan.Scenario.Nodes, VerbOptions.DefaultPortOffset), plan.Scenario.Shards, NodeArguments: [.. Breaking(plan)], Clusters: plan.Scenario.Clusters);
        var place = new LabDirectory(Path.Combine(path, "nodes"));
        if (!place.HasCluster)
        {
            place.Clear([.. Enumerable.Range(1, LaunchPlan.MaxNodes).Select(LaunchPlan.NodeName)]); // What an earlier run was told to keep.
        }

        var database = plan.Scenario.NeedsPostgres ? parsed.GetValue(postgres) ?? LocalCluster.StartPostgres : null;
        var cluster = await ClusterStart.RunAsync(launch, place.Path, cancellation, database).ConfigureAwait(false);
        var kept = true;
        try
        {
            var possible = new ClusterFaults(cluster, losesUnflushed: true);
            plan = plan.Without(possible.Unsupported, possible.WhyNoDatabase);
            Say(plan, cluster, "processes");
            var outcome = await new ProcessLab(cluster, "process", losesUnflushed: true, folder).RunAsync(plan, Again(plan, parsed), cancellation).ConfigureAwait(false);
            folder.Write(outcome);
            kept = parsed.GetValue(keep);
            return outcome;
        }
        finally
        {
            await cluster.DownAsync(kept, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>On a cluster that stands already: containers, or machines elsewhere.</summary>
    private async Task<RunOutcome> OtherAsync(ScenarioPlan plan, string path, ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(nodes) is not null || parsed.GetValue(keep))
        {
            throw new UsageException($"{(parsed.GetValue(keep) ? "--keep" : "--nodes")} is for a cluster that the lab starts itself; that of {target.Words(parsed)} stands already");
        }

        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var name = target.IsCompose(parsed) ? "compose" : "remote";
        var standing = new StandingCluster(cluster, name);
        plan = await standing.FitAsync(Scheduled(plan, cluster.NodeNames, parsed), cancellation).ConfigureAwait(false);
        var folder = new RunFolder(path);
        await using var held = await cluster.HoldRestartsAsync(cancellation).ConfigureAwait(false);
        Say(plan, cluster, target.IsCompose(parsed) ? "containers" : "machines elsewhere");
        var outcome = await new ProcessLab(cluster, name, standing.LosesUnflushed, folder) { LeavesWhole = true }.RunAsync(plan, $"{Again(plan, parsed)} {target.Words(parsed)}", cancellation).ConfigureAwait(false);
        folder.Write(outcome);
        return outcome;
    }

    private ScenarioPlan Scheduled(ScenarioPlan plan, IReadOnlyList<string> names, ParseResult parsed) =>
        parsed.GetValue(faults) is { } file ? plan with { Schedule = ScheduleFile.Read(file, names), IsScheduleGiven = true } : plan;

    private static IEnumerable<string> Breaking(ScenarioPlan plan)
    {
        // Always, so that every kill is as hard as a loss of power: what was not flushed is gone.
        yield return "--disk-faults";
        yield return "lose-unsynced";
        foreach (var flaw in plan.Bug is { } bug ? ScenarioPlan.Find(plan.Scenario, bug).Flaws : [])
        {
            yield return "--flaw";
            yield return flaw;
        }
    }

    private SimulationOrder Order(Scenario scenario, SeedRange seeds, string path, ParseResult parsed) => new([scenario.Slug], seeds.First)
    {
        Seeds = seeds.Count,
        Workers = Math.Min(seeds.Count, Environment.ProcessorCount),
        ShowsProgress = seeds.Count > 1 && Terminal.IsInteractive,
        Seconds = parsed.GetValue(seconds),
        Bug = parsed.GetValue(bug),
        Nodes = parsed.GetValue(nodes),
        FaultsFile = parsed.GetValue(faults),
        Minimise = parsed.GetValue(minimise),
        Out = seeds.Count > 1 ? null : path,
    };

    private string Again(ScenarioPlan plan, ParseResult parsed)
    {
        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"lab run {plan.Scenario.Slug} --seed {plan.Seed} --seconds {plan.Span.TotalSeconds}") };
        parts.AddRange(plan.Bug is { } name ? [$"--bug {name}"] : []);
        parts.AddRange(parsed.GetValue(faults) is { } file ? [$"--faults {file}"] : []);
        parts.AddRange(plan.Scenario.NeedsPostgres && parsed.GetValue(postgres) is { } named && named != LocalCluster.StartPostgres ? [$"--postgres {DatabaseUrl.WithoutPassword(named)}"] : []);
        parts.AddRange(parsed.GetValue(nodes) is { } count ? [string.Create(CultureInfo.InvariantCulture, $"--nodes {count}")] : []);
        return string.Join(' ', parts);
    }

    private static void Say(ScenarioPlan plan, ClusterTarget cluster, string what)
    {
        Console.WriteLine(plan.Scenario.Title);
        Console.WriteLine(plan.Scenario.Question);
        Console.WriteLine($"{cluster.NodeNames.Count} nodes ({what}), {plan.Scenario.Workloads.Sum(workload => workload.Clients)} clients ({string.Join(", ", plan.Scenario.Workloads.Select(workload => workload.Name))}), {plan.Schedule.Faults.Count} faults in {plan.Span.TotalSeconds:0} s, seed {plan.Seed}");
    }

    private static int Tell(RunOutcome outcome, string path)
    {
        Console.WriteLine();
        foreach (var line in GuaranteeCard.Lines(outcome))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine($"report                           {Path.GetFullPath(Path.Combine(path, "report.html"))}");
        Console.WriteLine($"again                            {outcome.Again}");
        Terminal.Console.MarkupLine(Format.Verdict(outcome.Verdict.Verdict));
        return (int)outcome.Verdict.Verdict;
    }
}
