using Cluster.Lab.Workloads;

namespace Cluster.Lab.Tests.Workloads;

public class HashSlotTests
{
    /// <summary>The check value of CRC16/XMODEM is 0x31C3; the others are what CLUSTER KEYSLOT of Redis answers.</summary>
    [Theory]
    [InlineData("123456789", 0x31C3)]
    [InlineData("foo", 12182)]
    [InlineData("bar", 5061)]
    [InlineData("hello", 866)]
    [InlineData("", 0)]
    public void A_key_has_the_slot_that_Redis_gives_it(string key, int slot) => Assert.Equal(slot, HashSlot.Of(key));

    [Theory]
    [InlineData("{user1}.following", "user1")]
    [InlineData("a{b}c{d}", "b")]
    public void Only_the_part_in_braces_counts(string key, string tag) => Assert.Equal(HashSlot.Of(tag), HashSlot.Of(key));

    [Fact]
    public void Empty_braces_do_not_count() => Assert.NotEqual(HashSlot.Of(""), HashSlot.Of("{}a"));
}
