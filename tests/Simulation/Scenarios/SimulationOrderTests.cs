using Cluster.Lab;
using Cluster.Lab.Checkers;
using Cluster.Shared.Scenarios;
using Cluster.Simulator.Runs;

namespace Cluster.Simulation.Tests.Scenarios;

/// <summary>What the program does with an order of the console: verdicts as exit codes, failures with the command that repeats them, schedules made short, nonsense refused.</summary>
public class SimulationOrderTests
{
    private static readonly SimulationOrder Broken = new(["shared-nothing"], 1) { Bug = "no-fsync", Seconds = 4 };

    [Fact]
    public void Many_seeds_are_summed_up_and_each_failure_told_with_the_command_that_repeats_it()
    {
        var (code, said) = Run(Broken with { Seeds = 4, Workers = 2 });

        Assert.Equal(1, code);
        Assert.Contains("  again: lab run shared-nothing --engine sim --seed 3 --seconds 4 --bug no-fsync", said);
        Assert.Contains("  shorter: lab run shared-nothing --engine sim --seed 3 --seconds 4 --bug no-fsync --minimise", said);
        Assert.Contains("ended          0 hold, 4 violated, 0 unknown", said);
        Assert.Equal(3, said.Count(line => line.EndsWith("the same when it was played again", StringComparison.Ordinal)));
        Assert.Equal("violated", said[^1]);
    }

    [Fact]
    public void One_seed_that_holds_ends_in_that_word_and_code_0()
    {
        var (code, said) = Run(new SimulationOrder(["shared-nothing"], 2) { Seconds = 3 });

        Assert.Equal((0, "holds"), (code, said[^1]));
        Assert.Contains(said, line => line.StartsWith("safety ", StringComparison.Ordinal) && line.Contains("holds: no rule of Raft broken", StringComparison.Ordinal));
        Assert.Equal("again                            lab run shared-nothing --engine sim --seed 2 --seconds 3", said[^2]);
    }

    [Fact]
    public void A_rule_broken_while_the_cluster_forms_is_a_verdict_and_no_crash()
    {
        var (code, said) = Run(Broken);

        Assert.Equal((1, "violated"), (code, said[^1]));
        Assert.Contains(said, line => line.StartsWith("safety ", StringComparison.Ordinal) && line.Contains("violated: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_schedule_from_a_file_is_played_and_every_fault_of_it_must_happen()
    {
        using var file = new ScheduleText("""{"faults":[{"kind":"kill","target":"n1","start":"1s","length":"2s"},{"kind":"pause","target":"n1","start":"1.5s","length":"1s"}]}""");

        var (code, said) = Run(new SimulationOrder(["shared-nothing"], 2) { Seconds = 4, FaultsFile = file.Path });

        Assert.Equal((2, "unknown"), (code, said[^1]));
        Assert.Contains(said, line => line.StartsWith("doubt ", StringComparison.Ordinal) && line.EndsWith("pause at 1.5s never happened: n1 was down or stopped already", StringComparison.Ordinal));
        Assert.Equal($"again                            lab run shared-nothing --engine sim --seed 2 --seconds 4 --faults {file.Path}", said[^2]);
    }

    [Fact]
    public void Whoever_asks_for_a_number_of_nodes_gets_it_with_a_bug_as_well()
    {
        Assert.Equal(3, Seeds.Plan(new SimulationOrder(["shared-nothing"], 1) { Bug = "vote-twice", Nodes = 3 }).Scenario.Nodes);
        Assert.Equal(7, Seeds.Plan(new SimulationOrder(["shared-nothing"], 2) { Nodes = 7 }).Scenario.Nodes);
        Assert.Equal((5, 3), (Seeds.Plan(new SimulationOrder(["shared-nothing"], 1)).Scenario.Nodes, Seeds.Plan(new SimulationOrder(["shared-nothing"], 2)).Scenario.Nodes));
    }

    [Fact]
    public void Nonsense_is_refused_with_what_there_is()
    {
        using var file = new ScheduleText("""{"faults":[{"kind":"kill","target":"n9","start":"1s","length":"2s"}]}""");

        Assert.StartsWith("there is no mode 'tea'; the modes are ", Assert.Throws<LabException>(() => Run(new SimulationOrder(["tea"], 1))).Message, StringComparison.Ordinal);
        Assert.StartsWith("shared-nothing has no broken variant 'nope'; it has ", Assert.Throws<LabException>(() => Run(Broken with { Bug = "nope" })).Message, StringComparison.Ordinal);
        Assert.StartsWith($"{file.Path}, line 1: there is no node 'n9'", Assert.Throws<FormatException>(() => Run(Broken with { Bug = null, FaultsFile = file.Path })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_schedule_is_made_shorter_and_still_fails()
    {
        // Which seed shows the bug changes with every change of the engine; that one of a few does, does not.
        var (order, before) = Enumerable.Range(1, 12)
            .Select(seed => new SimulationOrder(["shared-nothing"], seed) { Bug = "vote-twice", Seconds = 8 })
            .Select(order => (order, Outcome: Seeds.Play(order)))
            .First(played => played.Outcome.Verdict.Verdict == Verdict.Violated);
        var (plan, flaws) = (Seeds.Plan(order), new PlanSource(order).FlawsOf(Seeds.Mode(order)));

        var said = new StringWriter();
        SeedOutcome? after = null;
        var shorter = plan;
        Seeds.OnThread(() =>
        {
            (shorter, after) = new Minimiser(flaws, said).Shorten(plan, before);
            return after;
        })();

        Assert.Equal(Verdict.Violated, after!.Verdict.Verdict);
        Assert.InRange(shorter.Schedule.Faults.Count, 1, plan.Schedule.Faults.Count - 1);
        Assert.True(Total(shorter) < Total(plan) / 2, $"{Total(shorter)} s of faults are left of {Total(plan)} s");
        Assert.StartsWith($"{plan.Schedule.Faults.Count} faults, {shorter.Schedule.Faults.Count} after ", said.ToString(), StringComparison.Ordinal);
        Assert.Equal(after.Trace.Hash, Seeds.OnThread(() => SeedRun.Play(shorter, flaws))().Trace.Hash);

        static double Total(Lab.Scenarios.ScenarioPlan plan) => plan.Schedule.Faults.Sum(fault => fault.Length.TotalSeconds);
    }

    private static (int Code, List<string> Said) Run(SimulationOrder order)
    {
        var said = new StringWriter();
        var code = -1;
        Exception? refused = null;
        var thread = new Thread(() => refused = Record.Exception(() => code = new Simulator.Runs.Simulation(order, said).Run()), maxStackSize: 16 * 1024 * 1024);
        thread.Start();
        thread.Join();
        return refused is null ? (code, [.. said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)]) : throw refused;
    }

    private sealed class ScheduleText : IDisposable
    {
        public ScheduleText(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName() + ".json");

        public void Dispose() => File.Delete(Path);
    }
}
