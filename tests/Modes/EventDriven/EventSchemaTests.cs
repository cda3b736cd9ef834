using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.EventDriven;

namespace Cluster.Modes.Tests.EventDriven;

/// <summary>Shapes of events, and which may follow which.</summary>
public class EventSchemaTests
{
    [Theory]
    [InlineData("amount:number", "{\"amount\":1.5}", null)]
    [InlineData("amount:number,paid:flag=false", "{\"amount\":1}", null)]
    [InlineData("amount:number", "{}", "'amount' is missing")]
    [InlineData("amount:number", "{\"amount\":\"1\"}", "'amount' is no number")]
    [InlineData("amount:number", "{\"amount\":1e99}", "'amount' is no number")]
    [InlineData("amount:number", "{\"amount\":1,\"x\":2}", "there is no field 'x'")]
    [InlineData("amount:number,note:text", "{\"amount\":1,\"note\":\"a\\ud800\"}", "a text in it has half of a surrogate pair")]
    [InlineData("amount:number", "{\"amount\":1,\"\\udc00\":1}", "a text in it has half of a surrogate pair")]
    [InlineData("amount:number", "[1]", "data is a JSON object")]
    [InlineData("amount:number", "{\"amount\":1,\"amount\":2}", "the field 'amount' stands there twice")]
    [InlineData("amount:number", "{\"amount\":-1000000000}", null)]
    [InlineData("amount:number", "{\"amount\":1000000000.01}", "'amount' is more than 1000000000 either way")]
    [InlineData("amount:number", "{\"amount\":-79228162514264337593543950335}", "'amount' is more than 1000000000 either way")]
    [InlineData("id:number", "{\"id\":79228162514264337593543950335}", null)]
    public void An_event_is_of_a_shape_or_says_why_not(string fields, string data, string? why)
    {
        Assert.True(EventSchema.TryParse(fields, out var schema, out _));
        using var document = JsonDocument.Parse(data);

        Assert.Equal(why, schema.WhyNot(document.RootElement));
    }

    [Theory]
    [InlineData("amount:number", "amount:number,note:text=", null)]
    [InlineData("amount:number", "note:text=,amount:number=0", null)]
    [InlineData("amount:number", "amount:number,note:text", "the field 'note' is new and has no default")]
    [InlineData("amount:number,note:text", "amount:number", "the field 'note' is gone")]
    [InlineData("amount:number", "amount:text", "the field 'amount' was number and is text")]
    [InlineData("amount:number=0", "amount:number", "the field 'amount' could be left out")]
    public void A_version_may_follow_when_it_can_read_what_was_written_before(string before, string after, string? why)
    {
        Assert.True(EventSchema.TryParse(before, out var old, out _) & EventSchema.TryParse(after, out var now, out _));

        Assert.Equal(why, now!.WhyNotAfter(old!));
    }

    [Theory]
    [InlineData("amount")]
    [InlineData("amount:money")]
    [InlineData("Amount:number")]
    [InlineData("amount:number=much")]
    [InlineData("amount:number=1000000001")]
    [InlineData("a:text,a:text")]
    [InlineData("")]
    public void What_is_no_list_of_fields_is_refused(string fields) => Assert.False(EventSchema.TryParse(fields, out _, out _));

    [Fact]
    public void An_older_event_is_read_with_the_newer_ones_defaults()
    {
        Assert.True(EventSchema.TryParse("amount:number,currency:text=EUR", out var newest, out _));
        using var old = JsonDocument.Parse("{\"amount\":2}");

        Assert.Equal("""{"amount":2,"currency":"EUR"}""", newest.Upcast(old.RootElement).ToJsonString());
    }

    [Theory]
    [InlineData("{\"amount\":2}", 2)]
    [InlineData("{}", 7)]
    [InlineData("{\"amount\":\"2\"}", 0)]
    [InlineData("{\"amount\":1,\"amount\":2}", null)]
    [InlineData("{\"amount\":1e99}", null)]
    public void What_stands_in_the_log_is_read_or_known_not_to_be_readable(string data, int? amount)
    {
        Assert.True(EventSchema.TryParse("amount:number=7", out var schema, out _));
        using var document = JsonDocument.Parse(data);

        Assert.Equal(amount is not null, schema.TryReadAmount(document.RootElement, out var read));
        Assert.Equal(amount ?? 0, read);
    }

    [Fact]
    public void A_subscription_with_a_slash_in_its_name_is_refused_since_its_inboxes_could_be_anothers()
    {
        var core = new BusCore();
        var context = new EntityContext(BusCore.Id, DateTimeOffset.UnixEpoch);
        Assert.Equal(EventDrivenServices.Inbox("billing", "v2/ann"), EventDrivenServices.Inbox("billing/v2", "ann"));

        Assert.Contains("no slash", core.Decide(core.Empty, new Modes.EventDriven.Subscribe("billing/v2", []), context).Refusal, StringComparison.Ordinal);
        Assert.Single(core.Decide(core.Empty, new Modes.EventDriven.Subscribe("billing", []), context).Events);
    }

    [Fact]
    public void The_registry_takes_the_next_version_only_and_the_same_one_again()
    {
        var core = new BusCore();
        var context = new EntityContext(BusCore.Id, DateTimeOffset.UnixEpoch);
        var state = core.Decide(core.Empty, new RegisterSchema("t", 1, "a:number"), context).Events.Aggregate(core.Empty, core.Apply);

        Assert.Null(core.Decide(state, new RegisterSchema("t", 1, "a:number"), context).Refusal);
        Assert.NotNull(core.Decide(state, new RegisterSchema("t", 1, "b:number"), context).Refusal);
        Assert.NotNull(core.Decide(state, new RegisterSchema("t", 3, "a:number"), context).Refusal);
        Assert.NotNull(core.Decide(state, new RegisterSchema("t", 2, "b:number"), context).Refusal);
        Assert.Single(core.Decide(state, new RegisterSchema("t", 2, "a:number,b:number=1"), context).Events);
    }
}
