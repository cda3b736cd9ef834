using Cluster.Lab.Checkers;
using Cluster.Lab.Schedules;
using Cluster.Lab.Workloads;
using Cluster.Shared.Scenarios;

namespace Cluster.Modes.Tests.Catalog;

/// <summary>What the catalogue says of each mode can be carried out as it stands: names that exist, faults that can happen, bugs that can be planted.</summary>
public class ModeCatalogTests
{
    public static TheoryData<string> Slugs => [.. ModeCatalog.All.Select(mode => mode.Slug)];

    [Fact]
    public void No_two_modes_have_one_slug_and_each_is_found_by_its_own()
    {
        Assert.Distinct(ModeCatalog.All.Select(mode => mode.Slug));
        Assert.All(ModeCatalog.All, mode => Assert.Same(mode, ModeCatalog.Find(mode.Slug)));
        Assert.Null(ModeCatalog.Find("tea"));
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void A_slug_is_words_in_lower_case_with_hyphens_and_the_lab_has_the_same(string slug)
    {
        var mode = ModeCatalog.Find(slug)!;

        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", slug);
        Assert.Equal(slug, mode.Lab.Slug);
        Assert.All([mode.Family, mode.Claim, mode.Lab.Title, mode.Lab.Question], words => Assert.False(string.IsNullOrWhiteSpace(words)));
        Assert.DoesNotContain('\n', mode.Claim);
        Assert.Equal(mode.Lab.Bugs.Select(bug => bug.Name), mode.Description.Bugs);
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void A_lab_says_what_it_promises_what_it_does_not_and_has_a_way_to_break_it(string slug)
    {
        var lab = ModeCatalog.Find(slug)!.Lab;

        Assert.NotEmpty(lab.Promised);
        Assert.NotEmpty(lab.NotPromised);
        Assert.NotEmpty(lab.Bugs);
        Assert.Distinct(lab.Bugs.Select(bug => bug.Name));
        Assert.All(lab.Bugs, bug => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", bug.Name));
        Assert.InRange(lab.Nodes, 1, 9);
        Assert.InRange(lab.AnsweredPerSecondMin, 1, 1_000);
    }

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Every_flaw_can_be_planted(string slug) => Assert.All(ModeCatalog.Find(slug)!.Lab.Bugs, bug =>
    {
        Assert.NotEmpty(bug.Flaws);
        Assert.All(bug.Flaws, flaw => Assert.True(ModeCatalog.FindFlaw(flaw) is not null, $"the bug {bug.Name} needs a flaw '{flaw}'; there are {ModeCatalog.FlawNames}"));
    });

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Every_workload_exists_and_somebody_judges_it(string slug) => Assert.All(Variants(slug).SelectMany(lab => lab.Workloads), workload =>
    {
        var entry = WorkloadCatalog.Find(workload.Name);
        Assert.True(entry is not null, $"there is no workload '{workload.Name}'");
        Assert.InRange(workload.Clients, 1, 100);
        Assert.All(workload.Checkers, checker => Assert.True(CheckerCatalog.Find(checker) is not null, $"there is no checker '{checker}'"));
        Assert.True(workload.Checkers.Count > 0 || entry.Checkers.Count > 0, $"nobody judges {workload.Name}");
    });

    [Theory]
    [MemberData(nameof(Slugs))]
    public void Every_fault_of_every_mix_can_happen_and_be_written_down(string slug) => Assert.All(Variants(slug), lab =>
    {
        Assert.NotEmpty(lab.Workloads);
        Assert.All(lab.Faults.Shares, share => Assert.True(share.Weight > 0, $"{share.Kind} never happens"));
        Assert.True(lab.Faults.GapMin > TimeSpan.Zero && lab.Faults.GapMin <= lab.Faults.GapMax && lab.Faults.LengthMin <= lab.Faults.LengthMax && lab.Faults.AtOnce > 0, "no schedule can be made of it");
        var schedule = new FaultSchedule([.. lab.Faults.Shares.Select(share => new PlannedFault(share.Kind, share.Target, lab.Faults.Calm, lab.Faults.LengthMin, share.Amount))]);
        Assert.Equal(schedule.Faults, ScheduleFile.Parse(ScheduleFile.Text(schedule), slug, [.. Enumerable.Range(1, lab.Nodes).Select(number => $"n{number}")]).Faults);
    });

    /// <summary>The mode as it is meant, and with each of its bugs.</summary>
    private static IEnumerable<Scenario> Variants(string slug)
    {
        var lab = ModeCatalog.Find(slug)!.Lab;
        return lab.Bugs.Select(lab.With).Prepend(lab);
    }
}
