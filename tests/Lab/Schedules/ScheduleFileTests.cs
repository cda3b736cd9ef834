using Cluster.Lab.Schedules;
using Cluster.Shared.Scenarios;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Lab.Tests.Schedules;

/// <summary>What is no schedule of this cluster is refused with its file and line before anything is broken; what is one is read as it was written.</summary>
public class ScheduleFileTests
{
    private static readonly string[] Nodes = ["n1", "n2", "n3"];

    private static readonly Dictionary<FaultType, string[]> Amounts = new()
    {
        [FaultType.Delay] = ["80ms", "1.5s"],
        [FaultType.Loss] = ["5%", "20"],
        [FaultType.Duplicate] = ["20%"],
        [FaultType.Reorder] = ["0.5%"],
        [FaultType.Throttle] = ["64KB/s"],
        [FaultType.SlowDisk] = ["40ms"],
        [FaultType.ClockSkew] = ["5s", "-5s"],
        [FaultType.ClockDrift] = ["1.03", "0.5"],
    };

    [Theory]
    [InlineData("""{"faults":[{"kind":"explode","target":"one","start":"3s","length":"2s"}]}""", "there is no fault 'explode'; the kinds are kill, power-loss")]
    [InlineData("""{"faults":[{"kind":"Kill","target":"one","start":"3s","length":"2s"}]}""", "there is no fault 'Kill'")]
    [InlineData("""{"faults":[{"kind":7,"target":"one","start":"3s","length":"2s"}]}""", "'kind' is a text")]
    [InlineData("""{"faults":[{"kind":"kill","target":"n9","start":"3s","length":"2s"}]}""", "there is no node 'n9'; a target is one of one, leader, minority, majority, all, cluster, wan, database, singleton:NAME, or nodes of n1, n2, n3")]
    [InlineData("""{"faults":[{"kind":"kill","target":"n1,,n2","start":"3s","length":"2s"}]}""", "there is no node ''")]
    [InlineData("""{"faults":[{"kind":"kill","target":null,"start":"3s","length":"2s"}]}""", "'target' is a text")]
    [InlineData("""{"faults":[{"target":"one","start":"3s","length":"2s"}]}""", "a fault needs its kind")]
    [InlineData("""{"faults":[{"kind":"kill","target":"one","length":"2s"}]}""", "a fault needs its start")]
    [InlineData("""{"faults":[{"kind":"kill","target":"one","start":"3s"}]}""", "a fault needs its length")]
    [InlineData("""{"faults":[{"kind":"kill","strength":"much","start":"3s","length":"2s"}]}""", "'strength' is not a part of a fault; the parts are kind, target, start, length, amount")]
    [InlineData("""{"faults":[{"kind":"kill","start":"3 parsecs","length":"2s"}]}""", "'3 parsecs' is no time for 'start'")]
    [InlineData("""{"faults":[{"kind":"kill","start":"3","length":"2s"}]}""", "'3' is no time for 'start'")]
    [InlineData("""{"faults":[{"kind":"kill","start":"-3s","length":"2s"}]}""", "'-3s' is no time for 'start'")]
    [InlineData("""{"faults":[{"kind":"kill","start":-3,"length":"2s"}]}""", "'-3s' is no time for 'start'")]
    [InlineData("""{"faults":[{"kind":"kill","start":"-Infinitys","length":"2s"}]}""", "is no time for 'start'")]
    [InlineData("""{"faults":[{"kind":"kill","start":"NaNs","length":"2s"}]}""", "is no time for 'start'")]
    [InlineData("""{"faults":[{"kind":"kill","start":1e999,"length":"2s"}]}""", "is no time for 'start'")]
    [InlineData("""{"faults":[{"kind":"kill","start":"3s","length":true}]}""", "'length' is a text")]
    [InlineData("""{"faults":[{"kind":"kill","start":"3s","length":"25h"}]}""", "a schedule lasts a day at most")]
    [InlineData("""{"faults":[{"kind":"kill","start":"90000s","length":"2s"}]}""", "a schedule lasts a day at most")]
    [InlineData("""{"faults":[{"kind":"kill","start":"3s","length":"2s","amount":"80ms"}]}""", "kill takes no amount")]
    [InlineData("""{"faults":[{"kind":"delay","start":"3s","length":"2s","amount":"20%"}]}""", "'20%' is not a delay")]
    [InlineData("""{"faults":[{"kind":"loss","start":"3s","length":"2s","amount":"20ms"}]}""", "'20ms' is not a share")]
    [InlineData("""{"faults":[{"kind":"loss","start":"3s","length":"2s","amount":"-Infinity%"}]}""", "'-Infinity%' is not a share")]
    [InlineData("""{"faults":[{"kind":"loss","start":"3s","length":"2s","amount":1e999}]}""", "'1e999' is not a share")]
    [InlineData("""{"faults":[{"kind":"loss","start":"3s","length":"2s","amount":"0%"}]}""", "loss of 0% changes nothing")]
    [InlineData("""{"faults":[{"kind":"clock-drift","start":"3s","length":"2s","amount":"1.0"}]}""", "clock-drift of 1.0 changes nothing")]
    [InlineData("""{"faults":[{"kind":"clock-drift","start":"3s","length":"2s","amount":"9"}]}""", "'9' is no rate of a clock")]
    [InlineData("""{"faults":[{"kind":"clock-skew","start":"3s","length":"2s","amount":"--5s"}]}""", "is not a delay")]
    [InlineData("""{"faults":[{"kind":"throttle","start":"3s","length":"2s","amount":"fast"}]}""", "'fast' is not a rate")]
    [InlineData("""{"faults":[{"kind":"kill","target":"\ud800","start":"3s","length":"2s"}]}""", "half of a surrogate pair is no text")]
    [InlineData("""{"faults":["kill"]}""", "a fault is an object with kind, target, start and length")]
    [InlineData("""{"faults":{}}""", "\"faults\" is a list")]
    [InlineData("""{"errors":[]}""", "'errors' is not a part of a schedule")]
    [InlineData("""{}""", "a schedule needs its faults")]
    [InlineData("""[]""", "a schedule is an object")]
    [InlineData("\"kill\"", "a schedule is an object")]
    [InlineData("", "not JSON")]
    [InlineData("kill n1 at 3s", "not JSON")]
    [InlineData("""{"faults":[{"kind":"kill","start":"3s","le""", "not JSON")]
    [InlineData("""{"faults":[]} {"faults":[]}""", "not JSON")]
    public void What_is_no_schedule_is_refused_with_its_file_and_line_and_what_to_write(string text, string why)
    {
        var refused = Assert.Throws<FormatException>(() => ScheduleFile.Parse(text, "dir/faults.json", Nodes));

        Assert.StartsWith("dir/faults.json, line 1: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_is_that_of_the_mistake()
    {
        const string Text = """
            {
              "faults": [
                { "kind": "kill", "target": "one", "start": "1s", "length": "1s" },
                { "kind": "pause", "target": "n4", "start": "2s", "length": "1s" }
              ]
            }
            """;

        Assert.StartsWith("f.json, line 4: there is no node 'n4'", Assert.Throws<FormatException>(() => ScheduleFile.Parse(Text, "f.json", Nodes)).Message, StringComparison.Ordinal);
        Assert.StartsWith("f.json, line 4: not JSON", Assert.Throws<FormatException>(() => ScheduleFile.Parse(Text.Replace("1s\" },", "1s\" ", StringComparison.Ordinal)[..100], "f.json", Nodes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Five_thousand_faults_are_a_mistake_and_four_thousand_are_none()
    {
        Assert.Equal(4_000, ScheduleFile.Parse(Many(4_000), "f.json", Nodes).Faults.Count);
        Assert.StartsWith("f.json, line 4002: a schedule has 4000 faults at most", Assert.Throws<FormatException>(() => ScheduleFile.Parse(Many(5_000), "f.json", Nodes)).Message, StringComparison.Ordinal);

        static string Many(int count) => "{\"faults\":[\n" + string.Join(",\n", Enumerable.Repeat("""{"kind":"kill","start":"1s","length":"1s"}""", count)) + "]}";
    }

    [Fact]
    public void Comments_bare_seconds_and_a_missing_target_are_understood()
    {
        var schedule = ScheduleFile.Parse("""
            {"faults":[
              // first the leader
              {"kind":"pause","start":3,"length":1.5},
              {"kind":"loss","target":"n1, n3","start":"250ms","length":"2m","amount":12.5},
            ]}
            """, "f.json", Nodes);

        Assert.Equal(
            [new PlannedFault(FaultType.Loss, "n1, n3", TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(2), "12.5"), new PlannedFault(FaultType.Pause, FaultRole.One, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1.5))],
            schedule.Faults);
    }

    [Fact]
    public void What_is_written_is_read_the_same()
    {
        var kinds = Gen.Elements(Enum.GetValues<FaultType>());
        var targets = Gen.Elements(FaultRole.Known.Concat(["n1", "n2,n3"]).ToArray());
        var milliseconds = Gen.Choose(0, 86_400_000);
        var faults = from kind in kinds
                     from target in targets
                     where target != FaultRole.Database || kind is FaultType.Kill or FaultType.Restart or FaultType.Pause
                     from start in milliseconds
                     from length in milliseconds
                     from amount in Gen.Elements(Amounts.GetValueOrDefault(kind, []).Append(null).ToArray())
                     select new PlannedFault(kind, target, TimeSpan.FromMilliseconds(start), TimeSpan.FromMilliseconds(length), amount);

        Prop.ForAll(faults.ListOf().ToArbitrary(), planned =>
        {
            var schedule = new FaultSchedule([.. planned.OrderBy(fault => fault.Start)]);
            Assert.Equal(schedule.Faults, ScheduleFile.Parse(ScheduleFile.Text(schedule), "f.json", Nodes).Faults);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Every_kind_has_a_name_of_its_own_by_which_it_is_found()
    {
        Assert.Equal(Enum.GetValues<FaultType>().Length, ScheduleNames.AllKinds.Count);
        Assert.All(Enum.GetValues<FaultType>(), kind => Assert.Equal(kind, ScheduleNames.Find(ScheduleNames.Of(kind))));
        Assert.All(ScheduleNames.AllKinds, name => Assert.Matches("^[a-z]+(-[a-z]+)*$", name));
    }
}
