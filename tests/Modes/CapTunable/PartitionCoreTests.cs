using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.CapTunable;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Tests.CapTunable;

/// <summary>A partition numbers its writes, and every answer says how far it is.</summary>
public class PartitionCoreTests
{
    private readonly PartitionCore core = new();
    private PartitionState state = new PartitionCore().Empty;

    [Fact]
    public void Every_write_has_the_next_position_and_a_read_tells_both_that_of_the_value_and_of_the_partition()
    {
        Assert.Equal(new KeyWritten(1), Do(new WriteKey("a", "1")));
        Assert.Equal(new KeyWritten(2), Do(new WriteKey("b", "2", Seen: "3:9")));

        Assert.Equal(new KeyRead(2, 1, "1"), Do(new ReadKey("a")));
        Assert.Equal(new KeyRead(2, 2, "2", "3:9"), Do(new ReadKey("b")));
        Assert.Equal(new KeyRead(2), Do(new ReadKey("c")));
        Assert.Equal(new KeyRead(2), Do(new ReadPosition()));
    }

    [Fact]
    public void A_deletion_is_a_write_and_leaves_nothing()
    {
        Do(new WriteKey("a", "1"));

        Assert.Equal(new KeyWritten(2), Do(new WriteKey("a", null)));
        Assert.Equal(new KeyWritten(3), Do(new WriteKey("a", null)));
        Assert.Equal(new KeyRead(3), Do(new ReadKey("a")));
        Assert.Empty(state.Keys);
    }

    /// <summary>Over what its entity may hold it could not even take a deletion.</summary>
    [Theory]
    [InlineData('a', 150)]
    [InlineData('<', 25)]
    public void A_full_partition_refuses_what_makes_it_grow_and_takes_deletions(char letter, int least)
    {
        var value = new string(letter, StorageOperations.ValueBytesMax);
        var keys = 0;
        while (keys < 1_000 && Decide(new WriteKey($"k{keys}", value)).Refusal is null)
        {
            Do(new WriteKey($"k{keys++}", value));
        }

        Assert.True(keys >= least, $"{keys} keys");
        Assert.Contains("delete keys of it first", Decide(new CompareKey("new", null, value)).Refusal, StringComparison.Ordinal);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(state, CapTunableJson.Default.PartitionState).Length;
        Assert.True(bytes <= state.Bytes && state.Bytes <= PartitionCore.MaxBytes, $"{bytes} bytes, {state.Bytes} counted");

        Do(new WriteKey("k0", "smaller"));
        Do(new WriteKey("k1", null));
        Do(new WriteKey("new", value));
        Enumerable.Range(0, keys).Select(number => new WriteKey($"k{number}", null)).Append(new WriteKey("new", null)).ToList().ForEach(delete => Do(delete));
        Assert.Equal(0, state.Bytes);
    }

    [Theory]
    [InlineData(null, "1", true)]
    [InlineData("1", "1", false)]
    [InlineData(null, null, false)]
    [InlineData("1", null, true)]
    public void A_compare_and_set_takes_effect_only_over_what_it_expects(string? expected, string? stands, bool isConflict)
    {
        if (stands is not null)
        {
            Do(new WriteKey("a", stands));
        }

        var before = state;
        var reply = Assert.IsType<KeyWritten>(Do(new CompareKey("a", expected, "2")));

        Assert.Equal(isConflict, reply.IsConflict);
        Assert.Equal(isConflict ? before.Position : before.Position + 1, reply.Position);
        Assert.Equal(isConflict ? before : state, state);
    }

    [Fact]
    public void Keys_are_spread_over_all_partitions()
    {
        var counts = Enumerable.Range(0, 6_400).GroupBy(number => PartitionCore.Of($"key{number}")).ToDictionary(partition => partition.Key, partition => partition.Count());

        Assert.Equal(PartitionCore.Count, counts.Count);
        Assert.All(counts, partition => Assert.InRange(partition.Value, 100, 300));
    }

    private Decided<KeyChanged> Decide(PartitionCommand command) => core.Decide(state, command, new EntityContext("p0", DateTimeOffset.UnixEpoch));

    private object? Do(PartitionCommand command)
    {
        var decided = Decide(command);
        foreach (var happened in decided.Events)
        {
            state = core.Apply(state, happened);
        }

        return decided.Reply;
    }
}
