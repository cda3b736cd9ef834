using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Transactions;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Tests.DistributedDatabase;

/// <summary>A range stays below what its entity may hold, whatever it is asked to keep: over that it could not even take a deletion.</summary>
public class RangeSizeTests
{
    private const int Range = 3;

    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Keys = [.. Enumerable.Range(0, 20_000).Select(number => $"key{number}").Where(key => Keyspace.RangeOf(key) == Range)];

    private readonly RangeDecider decider = new();
    private RangeState state = new RangeDecider().Empty;

    [Theory]
    [InlineData('a')]
    [InlineData('<')]
    public void A_full_range_refuses_what_makes_it_grow_and_takes_what_takes_away(char letter)
    {
        var value = new string(letter, StorageOperations.ValueBytesMax);
        var fit = Keys.TakeWhile(key => Put(key, value).Refusal is null).Count();
        AssertFits();
        Assert.InRange(fit, letter == 'a' ? 150 : 25, letter == 'a' ? 200 : 40);

        Assert.Contains("delete keys of it first", Assert.IsType<Executed>(Ask(Lay("t", new Change(Keys[fit], value)))).Refusal, StringComparison.Ordinal);
        Assert.IsType<Laid>(Ask(Lay("t", new Change(Keys[0], null))));
        Assert.Equal(TransactionStatus.Committed, Assert.IsType<Standing>(Ask(new Commit("t", state.Clock + 100, null, []))).Status);
        Assert.Null(Execute(null, new Step(StepKind.Delete, Keys[1])).Refusal);
        Assert.Null(state.Row(Keys[1])); // Where there is little room, it goes with its tombstone.

        Assert.Null(Put(Keys[fit], value).Refusal);
        AssertFits();
    }

    [Fact]
    public void Overwriting_is_for_ever()
    {
        var value = new string('v', StorageOperations.ValueBytesMax);
        for (var write = 0; write < 400; write++)
        {
            Assert.Null(Put(Keys[write % 20], value).Refusal);
        }

        AssertFits();
    }

    [Fact]
    public void Outcomes_are_kept_by_bytes_too()
    {
        var value = new string('v', StorageOperations.ValueBytesMax);
        foreach (var key in Keys.Take(10))
        {
            Put(key, value);
        }

        for (var request = 0; request < 100; request++)
        {
            Assert.Null(Execute($"request{request}", [.. Keys.Take(10).Select(key => new Step(StepKind.Read, key)), new Step(StepKind.Put, Keys[11], "w")]).Refusal);
        }

        Assert.InRange(state.Outcomes.Count, 1, 2);
        Assert.True(Execute("request99", new Step(StepKind.Put, Keys[11], "w")).IsOfBefore);
        AssertFits();
    }

    [Fact]
    public void What_was_counted_is_given_back()
    {
        for (var round = 0; round < 40; round++)
        {
            Execute($"request{round}", new Step(StepKind.Append, Keys[round % 3], "<x>"), new Step(StepKind.Delete, Keys[(round + 1) % 3]));
            Ask(Lay($"t{round}", new Change(Keys[5], "laid")));
            Ask(round % 2 == 0 ? new Commit($"t{round}", state.Clock + 1, null, []) : new Abort($"t{round}"));
            Ask(new Forget($"t{round}", ByOwner: true));
        }

        Assert.Equal((state.Rows.Sum(RangeSize.Of), state.Outcomes.Sum(RangeSize.Of)), (state.Bytes, state.OutcomeBytes));
        Assert.Empty(state.Intents);
    }

    private static Lay Lay(string transaction, Change change) => new(transaction, Range, long.MaxValue, 1, [change], [Range], null, false);

    private void AssertFits()
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(state, DatabaseJson.Default.RangeState).Length;
        Assert.True(bytes <= state.Size, $"{bytes} bytes, and {state.Size} were counted");
        Assert.True(state.Size < EntityLimits.MaxStateBytes * 7 / 8, $"{state.Size}");
    }

    private Executed Put(string key, string value) => Execute(null, new Step(StepKind.Put, key, value));

    private Executed Execute(string? request, params Step[] steps) => Assert.IsType<Executed>(Ask(new Execute(request, state.Clock + 1, [.. steps], false)));

    private RangeReply Ask(RangeCommand command)
    {
        var decided = decider.Decide(state, command, new EntityContext(Keyspace.IdOf(Range), Now));
        state = decided.Events.Aggregate(state, decider.Apply);
        return (RangeReply)decided.Reply!;
    }
}
