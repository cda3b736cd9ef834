using Cluster.Node.Tests.Support;
using Cluster.Shared.Results;

namespace Cluster.Node.Tests.Resp;

/// <summary>What a client is told when the store does not serve: a code that says what it may conclude.</summary>
public sealed class StoreErrorsTests
{
    [Theory]
    [InlineData(ErrorCode.Unavailable, "-CLUSTERDOWN why")]
    [InlineData(ErrorCode.OutcomeUnknown, "-UNKNOWN outcome unknown: why")]
    [InlineData(ErrorCode.Overloaded, "-BUSY why")]
    [InlineData(ErrorCode.StorageUnavailable, "-MISCONF why")]
    [InlineData(ErrorCode.Forbidden, "-NOPERM why")]
    [InlineData(ErrorCode.BadRequest, "-ERR why")]
    public async Task Each_failure_has_its_code(ErrorCode code, string reply)
    {
        await using var doors = await Doors.OpenAsync();
        doors.Store.Before = _ => Task.FromResult<ClusterError?>(new ClusterError(code, "why"));
        await using var client = await doors.ConnectAsync();
        Assert.Equal(reply, await client.SendAsync("SET", "a", "1"));
        Assert.Equal(reply, await client.SendAsync("GET", "a"));
        Assert.Equal(reply, await client.SendAsync("MGET", "a", "b"));
        Assert.Equal(reply, await client.SendAsync("EXPIRE", "a", "1", "XX"));
        Assert.Equal(reply + " (0 of 2 keys were set)", await client.SendAsync("MSET", "a", "1", "b", "2"));
    }

    [Fact]
    public async Task An_mset_that_failed_in_part_says_how_far_it_got()
    {
        await using var doors = await Doors.OpenAsync();
        doors.Store.Before = command => Task.FromResult(command.Key.ToStringUtf8() == "b" ? new ClusterError(ErrorCode.Unavailable, "no leader") : null);
        await using var client = await doors.ConnectAsync();
        Assert.Equal("-CLUSTERDOWN no leader (2 of 3 keys were set)", await client.SendAsync("MSET", "a", "1", "b", "2", "c", "3"));
        Assert.Equal("\"3\"", await client.SendAsync("GET", "c"));
    }

    [Fact]
    public async Task A_store_that_throws_costs_one_reply_and_not_the_connection()
    {
        await using var doors = await Doors.OpenAsync();
        doors.Store.Before = _ => throw new InvalidOperationException("a bug");
        await using var client = await doors.ConnectAsync();
        Assert.StartsWith("-UNKNOWN outcome unknown", await client.SendAsync("SET", "a", "1"), StringComparison.Ordinal);
        doors.Store.Before = _ => Task.FromException<ClusterError?>(new InvalidOperationException("a later bug"));
        Assert.StartsWith("-UNKNOWN outcome unknown", await client.SendAsync("SET", "a", "1"), StringComparison.Ordinal);
        Assert.StartsWith("-UNKNOWN outcome unknown", await client.SendAsync("MGET", "a", "b"), StringComparison.Ordinal);
        doors.Store.Before = null;
        Assert.Equal("+OK", await client.SendAsync("SET", "a", "1"));
    }
}
