using System.Globalization;
using System.Text;
using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Federation;
using Cluster.Lab.Histories;
using Cluster.Shared.Slots;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>Histories of federated clusters with one thing wrong each, and their right twins.</summary>
public class FederationCheckerTests
{
    private const long Second = 1_000_000_000;

    private readonly List<Operation> operations = [];
    private readonly List<FaultEvent> faults = [];
    private int process;

    [Fact]
    public void One_home_in_one_order_holds()
    {
        Put(1, "a", "1.east.1");
        Get(2, "a", "1.east.1");
        Put(3, "b", "1.east.2");
        Judge(Verdict.Holds, final: "1.east.2=b");
    }

    [Fact]
    public void A_read_at_home_that_goes_back_is_found()
    {
        Put(1, "a", "1.east.1");
        Put(2, "b", "1.east.2");
        Get(3, "a", "1.east.1");
        Judge(Verdict.Violated, final: "1.east.2=b");
    }

    [Fact]
    public void What_was_not_replicated_at_a_failover_may_be_gone_and_is_counted()
    {
        Put(1, "a", "1.east.1");
        Put(2, "b", "1.east.2");
        Failover(4, "1.east.1");
        Get(5, "a", "1.east.1");
        Put(6, "c", "2.west.1");
        Assert.Contains("1 writes had not been replicated", Judge(Verdict.Holds, final: "2.west.1=c").Summary);
    }

    [Fact]
    public void What_had_not_been_replicated_is_taken_up_again_or_lost_or_waits_and_goes_nowhere_else()
    {
        foreach (var (tail, lost, recovered, verdict) in new[] { (0, 1, 0, Verdict.Holds), (0, 0, 1, Verdict.Holds), (1, 0, 0, Verdict.Holds), (0, 0, 0, Verdict.Violated) })
        {
            operations.Clear();
            Put(1, "a", "1.east.1");
            Put(2, "b", "1.east.2");
            Failover(4, "1.east.1");
            Put(6, "c", "2.west.1");
            Regions(8, "east", epoch: 2, tail, 0, 0);
            Regions(9, "west", epoch: 2, 0, lost, recovered);
            Judge(verdict, final: "2.west.1=c");
        }
    }

    [Fact]
    public void Nothing_is_concluded_of_a_tail_before_the_old_home_has_heard_or_where_the_new_one_was_asked_first()
    {
        Put(1, "a", "1.east.1");
        Put(2, "b", "1.east.2");
        Failover(4, "1.east.1");
        Put(6, "c", "2.west.1");
        Regions(7, "east", epoch: 1, 0, 0, 0);
        Regions(8, "west", epoch: 2, 0, 0, 0);
        Regions(9, "east", epoch: 2, 0, 0, 0); // It was settled between the two looks.
        Judge(Verdict.Holds, final: "2.west.1=c");
    }

    [Fact]
    public void What_had_been_replicated_must_not_be_gone()
    {
        Put(1, "a", "1.east.1");
        Put(2, "b", "1.east.2");
        Failover(4, "1.east.2");
        Get(5, "a", "1.east.1");
        Put(6, "c", "2.west.1");
        Judge(Verdict.Violated, final: "2.west.1=c");
    }

    [Fact]
    public void An_old_home_may_answer_while_it_cannot_know_and_not_long_after()
    {
        foreach (var (at, verdict) in new[] { (8L, Verdict.Holds), (40L, Verdict.Violated) })
        {
            operations.Clear();
            faults.Clear();
            faults.Add(new FaultEvent("cut", "n1,n2,n3 / n4,n5,n6", 1 * Second));
            faults.Add(new FaultEvent("heal", "n1,n2,n3 / n4,n5,n6", 10 * Second, "cut"));
            Put(1, "a", "1.east.1");
            Failover(4, "1.east.1");
            Put(5, "b", "2.west.1");
            Put(at, "c", "1.east.2");
            Judge(verdict, final: "2.west.1=b", at: 60);
        }
    }

    [Fact]
    public void A_write_of_a_later_home_must_not_lose_against_an_earlier_one()
    {
        Put(1, "early", "1.east.2");
        Failover(4, "1.east.1");
        Put(5, "late", "2.west.1");
        Judge(Verdict.Violated, final: "2.west.2=early");
    }

    [Fact]
    public void A_copy_that_says_it_is_fresh_must_have_what_was_acknowledged_by_then()
    {
        foreach (var (ageMs, verdict) in new[] { (3_000, Verdict.Holds), (500, Verdict.Violated) })
        {
            operations.Clear();
            Put(1, "a", "1.east.1");
            Put(2, "b", "1.east.2");
            Add("peek", 4, [], $"{ageMs} 1.east.1=a");
            Judge(verdict, final: "1.east.2=b");
        }
    }

    [Fact]
    public void Copies_that_differ_in_the_end_and_acknowledged_writes_that_are_gone_are_found()
    {
        Put(1, "a", "1.east.1");
        Put(2, "b", "1.east.2");
        Judge(Verdict.Violated, final: "1.east.1=a");
        operations.RemoveAll(operation => operation.Op == "read" && operation.Node == "n1");
        Add("read", 31, [], "1.east.2=b", "n1");
        Assert.Equal(Verdict.Violated, Check().Verdict);
    }

    [Fact]
    public void Without_last_readings_nothing_is_concluded()
    {
        Put(1, "a", "1.east.1");
        Assert.Equal(Verdict.Unknown, Check().Verdict);
    }

    private void Put(long at, string value, string version) => Add("put", at, [value], version);

    private void Get(long at, string value, string version) => Add("get", at, [], $"{version}={value}");

    private void Failover(long at, string recoveryPoint)
    {
        var groups = Enumerable.Range(0, 4).Select(number => $$"""{"group":"east/{{number}}","region":"east","epochs":[{"number":1,"home":"east","at":"0..0"},{"number":2,"home":"west","at":"{{recoveryPoint}}"}]}""");
        operations.Add(new Operation(++process, "failover", "east", ["west"], at * Second, (at * Second) + 1000, Outcome.Ok, $$"""{"groups":[{{string.Join(',', groups)}}]}""", "n4"));
    }

    private void Regions(long at, string here, int epoch, int tail, int lost, int recovered)
    {
        var home = epoch == 1 ? "east" : "west";
        var key = (HashSlot.Of(Encoding.UTF8.GetBytes("east:k")) % 4).ToString(CultureInfo.InvariantCulture);
        var groups = Enumerable.Range(0, 4).Select(number => $$"""{"group":"east/{{number}}","region":"east","home":"{{home}}","epoch":{{epoch}},"tail":{{(key == $"{number}" ? tail : 0)}},"lost":{{(key == $"{number}" ? lost : 0)}},"recovered":{{(key == $"{number}" ? recovered : 0)}},"epochs":[]}""");
        operations.Add(new Operation(++process, "regions", "regions", [], at * Second, (at * Second) + 1000, Outcome.Ok, $$"""{"here":"{{here}}","silentMs":{"{{(here == "east" ? "west" : "east")}}":10},"groups":[{{string.Join(',', groups)}}]}""", here == "east" ? "n1" : "n4"));
    }

    private void Add(string op, long at, IReadOnlyList<string?> input, string output, string node = "n1") =>
        operations.Add(new Operation(++process, op, "east:k", input, at * Second, (at * Second) + 1000, Outcome.Ok, output, node));

    private CheckResult Judge(Verdict verdict, string final, long at = 30)
    {
        Add("read", at, [], final, "n1");
        Add("read", at + 1, [], final, "n4");
        var result = Check();
        Assert.True(verdict == result.Verdict, $"{result.Verdict}: {result.Summary}\n{string.Join('\n', result.Details)}");
        return result;
    }

    private CheckResult Check() => new FederationChecker().Check(new History(operations, faults));
}
