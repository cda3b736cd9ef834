using Cluster.Lab.Schedules;
using Cluster.Shared.Scenarios;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Lab.Tests.Schedules;

public class ScheduleGeneratorTests
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(20);

    private static readonly FaultMix Mix = new(
    [
        new(FaultType.Kill, "leader", Weight: 3),
        new(FaultType.Pause, "one"),
        new(FaultType.Delay, "all", Weight: 2, Amount: "80ms"),
        new(FaultType.Halves, "all"),
    ]);

    [Fact]
    public void A_seed_makes_the_same_schedule_every_time_and_another_seed_another()
    {
        Assert.Equal(ScheduleFile.Text(ScheduleGenerator.Generate(Mix, 7, Span)), ScheduleFile.Text(ScheduleGenerator.Generate(Mix, 7, Span)));
        Assert.NotEqual(ScheduleFile.Text(ScheduleGenerator.Generate(Mix, 7, Span)), ScheduleFile.Text(ScheduleGenerator.Generate(Mix, 8, Span)));
    }

    [Fact]
    public void Faults_keep_to_the_span_the_calm_the_gaps_and_the_number_at_once()
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), Gen.Choose(1, 4).ToArbitrary(), (seed, atOnce) =>
        {
            var faults = ScheduleGenerator.Generate(Mix with { AtOnce = atOnce }, seed, Span).Faults;
            Assert.NotEmpty(faults);
            Assert.All(faults, fault => Assert.InRange(fault.Start, Mix.Calm, Span));
            Assert.All(faults, fault => Assert.InRange(fault.Length, TimeSpan.FromMilliseconds(200), Mix.LengthMax));
            Assert.All(faults, fault => Assert.True(fault.Start + fault.Length <= Span, "a fault outlives the clients"));
            Assert.All(faults.Zip(faults.Skip(1)), pair => Assert.True(pair.Second.Start - pair.First.Start >= Mix.GapMin, "two faults begin at once"));
            Assert.All(faults, fault => Assert.InRange(faults.Count(other => other.Start <= fault.Start && fault.Start < other.Start + other.Length), 1, atOnce));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_fault_rests_as_long_as_the_mix_says_after_those_before_it()
    {
        var mix = Mix with { Rest = TimeSpan.FromSeconds(3) };
        var schedules = Enumerable.Range(1, 100).Select(seed => ScheduleGenerator.Generate(mix, seed, Span).Faults).ToList();

        Assert.All(schedules, faults => Assert.All(faults.Zip(faults.Skip(1)), pair => Assert.True(pair.Second.Start >= pair.First.Start + pair.First.Length + mix.Rest, "a fault did not wait")));
        Assert.All(schedules, faults => Assert.InRange(faults.Count, 2, 6));
    }

    [Fact]
    public void Every_share_appears_as_often_as_its_weight_says()
    {
        var faults = Enumerable.Range(1, 200).SelectMany(seed => ScheduleGenerator.Generate(Mix with { AtOnce = 100 }, seed, Span).Faults).ToList();

        Assert.All(Mix.Shares, share =>
        {
            var expected = (double)share.Weight / Mix.Shares.Sum(other => other.Weight);
            var found = (double)faults.Count(fault => (fault.Kind, fault.Target, fault.Amount) == (share.Kind, share.Target, share.Amount)) / faults.Count;
            Assert.InRange(found, expected * 0.85, expected * 1.15);
        });
    }

    [Fact]
    public void No_shares_make_no_faults_and_too_short_a_run_has_none()
    {
        Assert.Empty(ScheduleGenerator.Generate(FaultMix.None, 1, Span).Faults);
        Assert.Empty(ScheduleGenerator.Generate(Mix, 1, Mix.Calm).Faults);
        Assert.Equal(TimeSpan.Zero, FaultSchedule.Empty.End);
    }

    [Theory]
    [InlineData(60, 21)]
    [InlineData(20, 10)]
    [InlineData(1.5, 1)]
    public void A_long_calm_is_half_of_a_short_run_and_never_less_than_the_usual(double spanSeconds, double calmSeconds)
    {
        var schedules = Enumerable.Range(1, 200).Select(seed => ScheduleGenerator.Generate(Mix with { Calm = TimeSpan.FromSeconds(21) }, seed, TimeSpan.FromSeconds(spanSeconds)));
        var starts = schedules.SelectMany(schedule => schedule.Faults.Take(1)).Select(fault => fault.Start.TotalSeconds).ToList();

        Assert.NotEmpty(starts);
        Assert.InRange(starts.Min(), calmSeconds, calmSeconds + 0.1);
    }

    [Fact]
    public void A_generated_schedule_is_one_that_can_be_read()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var schedule = ScheduleGenerator.Generate(Mix, seed, Span);
            Assert.Equal(schedule.Faults, ScheduleFile.Parse(ScheduleFile.Text(schedule), "f.json", ["n1"]).Faults);
        }
    }
}
