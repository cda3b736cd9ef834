using System.Globalization;
using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Breakers;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>A run of proxies that keeps its promises holds; each promise has a planted breach that is shown.</summary>
public class BreakerCheckerTests
{
    private const long Second = 1_000_000_000;

    private readonly List<Operation> operations = [];
    private readonly List<FaultEvent> faults = [];
    private readonly List<string> attempts = [];
    private int process;

    public BreakerCheckerTests()
    {
        // A read, an add that was retried and counted once, a refusal, and a fallback.
        Call("get", "a", "k1", 1, """ "outcome":"fresh","attempts":1,"value":0,"life":"L" """);
        Call("add", "a", "k2", 2, """ "outcome":"fresh","attempts":2,"value":1,"life":"L" """);
        Call("add", "a", "k3", 3, """ "outcome":"refused","because":"open","attempts":0 """);
        Call("get", "a", "k4", 4, """ "outcome":"stale","because":"open","attempts":0,"value":1,"life":"L","ageMs":2500 """);
        Received("k1", 1, "read", 10);
        Received("k2", 1, "effect", 20);
        Received("k2", 2, "repeat", 300);
        Judgeable();
    }

    [Fact]
    public void What_keeps_every_promise_holds_and_is_told_in_figures()
    {
        Look(Change(1, "closed", "open", 100, 500), Change(2, "open", "half-open", 600), Change(3, "half-open", "closed", 620));

        var result = Check();

        Assert.True(result.Verdict == Verdict.Holds, string.Join('\n', result.Details));
        Assert.Contains("184 calls: 122 fresh, 1 stale, 62 refused by 1 openings, 1.50 attempts a call", result.Summary, StringComparison.Ordinal);
        Assert.Contains("judged where no fault was near: 60 calls to others while one was bad, 62 refusals, 1 recoveries", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_call_that_reached_the_dependency_is_shown()
    {
        Received("k3", 1, "failed", 30);

        Violated("was refused by an open breaker at");
    }

    [Fact]
    public void Refusals_that_are_slow_are_shown_unless_a_fault_was_near()
    {
        for (var call = 0; call < 30; call++)
        {
            Call("add", "b", $"s{call}", 20 + call, """ "outcome":"refused","because":"open","attempts":0 """, ms: 400);
        }

        Violated("30 of 92 refusals by an open breaker took more than 250 ms");
        faults.AddRange([new FaultEvent("pause", "n1", 19 * Second), new FaultEvent("resume", "n1", 50 * Second)]);
        Assert.Equal(Verdict.Holds, Check().Verdict);
    }

    [Fact]
    public void More_probes_of_one_half_open_time_than_there_may_be_are_shown()
    {
        for (var probe = 0; probe < 4; probe++)
        {
            Received($"p{probe}", 1, "read", 40, probe: 2);
        }

        Violated("n1 received 4 probes of one half-open time of n2/x (change 2); 3 may be sent");
    }

    [Theory]
    [InlineData("closed", "half-open", 600, "no breaker does that by itself")]
    [InlineData("half-open", "open", 600, "it was open")]
    [InlineData("open", "half-open", 300, "after 200 ms of an open interval of 500 ms")]
    public void A_change_of_state_that_may_not_be_is_shown(string from, string to, int at, string why)
    {
        Look(Change(1, "closed", "open", 100, 500), Change(2, from, to, at));

        Violated(why);
    }

    [Fact]
    public void A_change_that_is_told_in_two_ways_is_shown()
    {
        Look(Change(1, "closed", "open", 100, 500));
        Look(Change(1, "closed", "open", 101, 500));

        Violated("was told in 2 ways");
    }

    [Fact]
    public void A_fresh_answer_that_the_dependency_never_gave_is_shown()
    {
        Call("get", "a", "k9", 5, """ "outcome":"fresh","attempts":1,"value":1,"life":"L" """);

        Violated("k9 was answered as fresh at");
    }

    [Fact]
    public void A_fallback_that_is_older_than_it_says_is_shown()
    {
        Call("get", "a", "k9", 8, """ "outcome":"stale","attempts":0,"value":0,"life":"L","ageMs":5000 """);

        Violated("k9 read 0 of a at n1 at 8.0000 s as 5000 ms old, though it was 1 by 2.0010 s");
    }

    [Fact]
    public void A_fallback_may_miss_what_was_added_within_its_age()
    {
        Call("get", "a", "k9", 8, """ "outcome":"stale","attempts":0,"value":0,"life":"L","ageMs":6500 """);

        Assert.Equal(Verdict.Holds, Check().Verdict);
    }

    [Fact]
    public void A_fallback_without_an_age_is_shown()
    {
        Call("get", "a", "k9", 8, """ "outcome":"stale","attempts":0,"value":1,"life":"L" """);

        Violated("without an age");
    }

    [Fact]
    public void A_fresh_read_behind_an_acknowledged_add_is_shown()
    {
        Call("get", "a", "k9", 8, """ "outcome":"fresh","attempts":1,"value":0,"life":"L" """);
        Received("k9", 1, "read", 50);

        Violated("as fresh, though it was 1");
    }

    [Fact]
    public void An_add_that_took_effect_twice_is_shown()
    {
        Received("k2", 3, "effect", 400);

        Violated("k2 took effect 2 times at n1: attempts 1, 3");
    }

    [Theory]
    [InlineData("failed", "told that it was failed")]
    [InlineData("refused", "told that it was refused")]
    public void An_add_without_effect_that_had_one_is_shown(string outcome, string how)
    {
        Call("add", "a", "k9", 8, $$""" "outcome":"{{outcome}}","attempts":1 """);
        Received("k9", 1, "effect", 50);

        Violated(how);
    }

    [Fact]
    public void Two_adds_that_counted_up_to_the_same_number_are_shown()
    {
        Call("add", "a", "k9", 8, """ "outcome":"fresh","attempts":1,"value":1,"life":"L" """);
        Received("k9", 1, "effect", 50);

        Violated("k2 and k9 both counted a at n1 up to 1");
    }

    [Fact]
    public void More_retries_than_the_budget_allows_are_shown_and_those_within_are_not()
    {
        for (var retry = 0; retry < 9; retry++)
        {
            Received($"r{retry}", 2, "failed", 1_000 + (retry * 7));
        }

        Assert.Equal(Verdict.Holds, Check().Verdict); // Ten retries, the burst.
        Received("r9", 2, "failed", 1_100);
        Violated("11 retries, where a budget of 10 % and 10 at once allows 10");
    }

    [Theory]
    [InlineData(0, Verdict.Violated)]
    [InlineData(2, Verdict.Holds)]
    public void Retries_that_come_in_one_wave_are_shown_and_those_that_are_spread_are_not(int spreadMs, Verdict verdict)
    {
        for (var call = 0; call < 400; call++)
        {
            Call("get", "b", $"w{call}", 300 + call, """ "outcome":"failed","because":"attempts","attempts":1 """);
        }

        for (var call = 0; call < 45; call++)
        {
            Received($"w{call}", 1, "failed", call * 1_000);
            Received($"w{call}", 2, "failed", (call * 1_000) + 50 + (call * spreadMs));
        }

        Assert.Equal(verdict, Check().Verdict);
    }

    [Fact]
    public void Callers_of_others_that_wait_for_a_slow_dependency_are_shown()
    {
        Health("slow", 10);
        for (var call = 0; call < 60; call++)
        {
            Call("get", "a", $"o{call}", 11, """ "outcome":"fresh","attempts":1,"value":0,"life":"M" """, ms: call < 5 ? 700 : 3, to: "n2");
        }

        Health("fast", 100);
        Violated("while n1 was slow, 5 of 60 calls to other dependencies were refused, or took longer than 500 ms");
    }

    [Fact]
    public void A_dependency_that_is_well_and_never_called_again_is_shown()
    {
        Health("fast", 10);
        for (var call = 0; call < 60; call++)
        {
            Call("get", "b", $"o{call}", 11 + (call * 0.07), """ "outcome":"refused","because":"open","attempts":0 """);
        }

        Violated("n1 was well from 10.0010 s on, and none of 60 calls reached it within 6 s");
    }

    [Theory]
    [InlineData(100, 131, "0 calls to others while one was bad", Verdict.Holds)]
    [InlineData(199, 201, "0 recoveries", Verdict.Holds)]
    [InlineData(1, 300, "0 calls to others while one was bad, 0 refusals, 0 recoveries", Verdict.Unknown)]
    public void A_promise_that_was_never_judged_is_told_and_where_none_was_nothing_is_known(int from, int until, string how, Verdict verdict)
    {
        faults.AddRange([new FaultEvent("pause", "n1", from * Second), new FaultEvent("resume", "n1", until * Second)]);

        var result = Check();

        Assert.Equal(verdict, result.Verdict);
        Assert.Contains(how, result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_to_an_earlier_life_of_the_dependency_allow_no_retries_in_this_one()
    {
        operations.RemoveAll(operation => operation.Call > 4 * Second);
        for (var call = 0; call < 400; call++)
        {
            Call("get", "a", $"old{call}", 0.001 * call, """ "outcome":"failed","because":"attempts","attempts":1 """);
        }

        for (var retry = 0; retry < 10; retry++)
        {
            Received($"r{retry}", 2, "failed", 1_000 + (retry * 7));
        }

        Violated("11 retries, where a budget of 10 % and 10 at once allows 10");
    }

    [Fact]
    public void Without_the_dependencies_own_record_nothing_is_shown()
    {
        attempts.Clear();

        Assert.Equal(Verdict.Unknown, new BreakerChecker().Check(new History(operations, [])).Verdict);
    }

    /// <summary>What each promise that counts only without a fault near is judged by: calls to others while n3 is slow, refusals, and a recovery.</summary>
    private void Judgeable()
    {
        foreach (var (kind, second) in new[] { ("slow", 120), ("fast", 200) })
        {
            Health(kind, second, "n3");
            for (var call = 0; call < 60; call++)
            {
                Call("get", "a", $"{kind}{call}", second + 1 + (call * 0.07), """ "outcome":"fresh","attempts":1,"value":0,"life":"N" """, to: kind == "slow" ? "n2" : "n3");
            }
        }

        for (var call = 0; call < 60; call++)
        {
            Call("add", "a", $"refused{call}", 210, """ "outcome":"refused","because":"open","attempts":0 """, to: "n3");
        }
    }

    private void Call(string kind, string item, string id, double second, string told, int ms = 1, string to = "n1") => operations.Add(new Operation(
        process++, "invoke", to, [kind, item, id], (long)(second * Second), (long)(second * Second) + (ms * 1_000_000L), Outcome.Ok, $$"""{"by":"n2/x",{{told}}}""", "n2"));

    private void Health(string kind, int second, string at = "n1") =>
        operations.Add(new Operation(process++, "health", at, [kind, "1ms", "1", "1s"], second * Second, (second * Second) + 1_000_000, Outcome.Ok, "{}", "n1"));

    private void Received(string id, int number, string fate, int atMs, int probe = 0) => attempts.Add(string.Create(
        CultureInfo.InvariantCulture, $$"""{"seq":{{attempts.Count + 1}},"id":"{{id}}","from":"n2/x","number":{{number}},"probe":{{probe}},"atMs":{{atMs}},"fate":"{{fate}}"}"""));

    private void Look(params string[] changes) =>
        operations.Add(new Operation(process++, "proxies", "", [], 9 * Second, (9 * Second) + 1, Outcome.Ok, $$"""{"proxies":[{"by":"n2/x","to":"n1","transitions":[{{string.Join(',', changes)}}]}]}""", "n2"));

    private static string Change(int number, string from, string to, int at, int openFor = 0) =>
        $$"""{"number":{{number}},"from":"{{from}}","to":"{{to}}","atMs":{{at}},"openForMs":{{openFor}},"byHand":false}""";

    private CheckResult Check()
    {
        var page = $$"""{"life":"L","first":1,"last":{{attempts.Count}},"attempts":[{{string.Join(',', attempts)}}]}""";
        return new BreakerChecker().Check(new History([.. operations, new Operation(process++, "received", "n1", ["1"], 900 * Second, (900 * Second) + 1, Outcome.Ok, page, "n1")], faults));
    }

    private void Violated(string how)
    {
        var result = Check();

        Assert.True(result.Verdict == Verdict.Violated, result.Summary);
        Assert.Contains(result.Details, detail => detail.Contains(how, StringComparison.Ordinal));
    }
}
