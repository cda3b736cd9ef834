using Cluster.Modes.Sharded;

namespace Cluster.Modes.Tests.Sharded;

/// <summary>What a call says of the calls before it: only of those on its own key, so that a call that hangs on one key keeps no other key's owner from forgetting.</summary>
public class OpenCallsTests
{
    [Fact]
    public void The_first_open_call_is_that_of_the_key()
    {
        var calls = new OpenCalls("n1-1");
        calls.Add(1, "hash", ShardOperation.Put, "a", "x", null);
        calls.Add(2, "hash", ShardOperation.Put, "b", "x", null);
        calls.Add(3, "range", ShardOperation.Put, "a", "x", null);
        calls.Add(4, "hash", ShardOperation.Get, "a", null, null);

        Assert.Equal([1, 2, 3, 1], new long[] { 1, 2, 3, 4 }.Select(number => calls.Message(number, 1, 1).FirstOpen));
        calls.Remove(1);
        Assert.Equal(4, calls.Message(4, 1, 1).FirstOpen);
        Assert.Equal([2, 4], calls.OfTable("hash"));
        Assert.Equal(new ShardCall("n1-1", 3, 3, "range", 7, 9, ShardOperation.Put, "a", "x"), calls.Message(3, 7, 9));
    }
}
