using Cluster.Lab.Checkers;
using Cluster.Lab.Checkers.Orders;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>Orders that end whole hold; each way in which one can be half-done, doubled or lied about is found.</summary>
public class OrdersCheckerTests
{
    private const string Figures = """{"open":0,"completed":1}""";
    private const string Good = """{"at":"stock","name":"tea","opening":100,"available":98,"orders":{"a":{"state":"settled","amount":2},"b":{"state":"given-back","amount":1}}}""";
    private const string GoodPayment = """{"at":"payment","name":"ann","opening":100,"available":50,"orders":{"a":{"state":"taken","amount":50},"b":{"state":"refused","amount":0}}}""";
    private const string GoodShipping = """{"at":"shipping","name":"post","opening":100,"available":99,"orders":{"a":{"state":"taken","amount":1}}}""";

    [Fact]
    public void Whole_orders_and_such_without_effect_hold()
    {
        var result = Check(Good, GoodPayment, GoodShipping);

        Assert.True(result.Verdict == Verdict.Holds, string.Join('\n', result.Details));
        Assert.Contains("1 orders complete, 1 without effect", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_that_is_half_done_is_shown() =>
        Violated("is half-done", Good, """{"opening":100,"available":100,"orders":{"a":{"state":"given-back","amount":50}}}""", GoodShipping);

    [Fact]
    public void A_refund_that_came_twice_is_shown() =>
        Violated("not the 100 that it opened with", """{"opening":100,"available":99,"orders":{"a":{"state":"settled","amount":2},"b":{"state":"given-back","amount":1}}}""", GoodPayment, GoodShipping);

    [Fact]
    public void An_order_that_took_another_amount_is_shown() =>
        Violated("another amount", """{"opening":100,"available":97,"orders":{"a":{"state":"settled","amount":3}}}""", GoodPayment, GoodShipping);

    [Fact]
    public void An_order_that_nobody_placed_is_shown() =>
        Violated("which nobody placed", """{"opening":100,"available":98,"orders":{"a":{"state":"settled","amount":2},"x":{"state":"refused","amount":0}}}""", GoodPayment, GoodShipping);

    [Fact]
    public void A_promise_that_is_never_decided_is_shown() =>
        Violated("in doubt", """{"opening":100,"available":97,"orders":{"a":{"state":"settled","amount":2},"b":{"state":"prepared","amount":1}}}""", GoodPayment, GoodShipping);

    [Theory]
    [InlineData("a", "compensated", "took effect though")]
    [InlineData("b", "completed", "has no effect though")]
    [InlineData("a", "aborted", "took effect though")]
    [InlineData("b", "committed", "has no effect though")]
    public void A_client_that_was_told_otherwise_is_shown(string order, string told, string how)
    {
        var result = new OrdersChecker().Check(Histories(order, told, Outcome.Ok, Good, GoodPayment, GoodShipping));

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(how, result.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_that_was_refused_for_certain_and_took_effect_is_shown() =>
        Assert.Equal(Verdict.Violated, new OrdersChecker().Check(Histories("a", null, Outcome.Fail, Good, GoodPayment, GoodShipping)).Verdict);

    [Fact]
    public void Orders_whose_ledgers_nobody_read_prove_nothing()
    {
        Assert.Equal(Verdict.Unknown, new OrdersChecker().Check(new History([Place(1, "a", "completed"), Place(2, "b", "compensated")], [])).Verdict);
        Assert.Equal(Verdict.Unknown, Check("[]", GoodPayment, GoodShipping).Verdict);
    }

    [Theory]
    [InlineData("""{"id":"a","stock":"taken","payment":"none","shipping":"none"}""", Verdict.Violated)]
    [InlineData("""{"id":"a","stock":"committed","payment":"committed","shipping":"prepared"}""", Verdict.Violated)]
    [InlineData("""{"id":"a","stock":"prepared","payment":"none","shipping":"none"}""", Verdict.Holds)]
    public void Whoever_sees_an_order_half_way_shows_that_it_is_not_isolated(string seen, Verdict expected)
    {
        var looks = new[] { """{"stock":"none","payment":"none","shipping":"none"}""", """{"stock":"committed","payment":"committed","shipping":"committed"}""", seen };

        Assert.Equal(expected, new OrderIsolationChecker().Check(new History([.. looks.Select((look, number) => new Operation(number, "look", "a", [], number, number + 1, Outcome.Ok, look))], [])).Verdict);
    }

    private static CheckResult Check(string stock, string payment, string shipping) => new OrdersChecker().Check(Histories("a", "completed", Outcome.Ok, stock, payment, shipping));

    private static void Violated(string how, string stock, string payment, string shipping)
    {
        var result = Check(stock, payment, shipping);

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(result.Details, detail => detail.Contains(how, StringComparison.Ordinal));
    }

    /// <summary>A ledger that is read before an order takes effect and one that is read after it look like half an order.</summary>
    [Theory]
    [InlineData("""{"open":0,"completed":2}""", "ended while the ledgers were read")]
    [InlineData(null, "after the ledgers")]
    public void Ledgers_that_were_read_while_orders_ended_prove_nothing(string? after, string why)
    {
        var result = new OrdersChecker().Check(Histories("a", "completed", Outcome.Ok, Good, """{"opening":100,"available":100,"orders":{}}""", GoodShipping, after));

        Assert.Equal(Verdict.Unknown, result.Verdict);
        Assert.Contains(why, result.Summary, StringComparison.Ordinal);
    }

    /// <summary>Orders a (2 tea, 50 cents) and b (1 tea, 10 cents); what one of them was told, and the ledgers at the end.</summary>
    private static History Histories(string order, string? told, Outcome outcome, string stock, string payment, string shipping, string? after = Figures) => new(
    [
        Place(1, "a", order == "a" ? told : null, order == "a" ? outcome : Outcome.Info),
        Place(2, "b", order == "b" ? told : null, order == "b" ? outcome : Outcome.Info),
        new Operation(3, "ended", "ended:", [], 18, 19, Outcome.Ok, Figures),
        new Operation(3, "ledger", "stock/tea", [], 20, 21, Outcome.Ok, stock),
        new Operation(3, "ledger", "payment/ann", [], 22, 23, Outcome.Ok, payment),
        new Operation(3, "ledger", "shipping/post", [], 24, 25, Outcome.Ok, shipping),
        new Operation(3, "ended", "unchanged:", [], 26, 27, after is null ? Outcome.Fail : Outcome.Ok, after),
    ], []);

    private static Operation Place(int process, string id, string? told, Outcome outcome = Outcome.Ok) =>
        new(process, "place", id, ["orchestrated", "tea", id == "a" ? "2" : "1", "ann", id == "a" ? "50" : "10", "post", "none", "0ms"], 1, 10, outcome, told);
}
