using System.Text;
using Cluster.Shared.Slots;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>Known values from the Redis Cluster specification and from a Redis server's CLUSTER KEYSLOT.</summary>
public class HashSlotTests
{
    [Fact]
    public void Crc_of_the_specifications_test_vector_is_31C3() => Assert.Equal(0x31C3, HashSlot.Crc16("123456789"u8));

    [Theory]
    [InlineData("", 0)]
    [InlineData("foo", 12182)]
    [InlineData("bar", 5061)]
    [InlineData("hello", 866)]
    [InlineData("somekey", 11058)]
    [InlineData("foo{hash_tag}", 2515)]
    [InlineData("123456789", 0x31C3)]
    public void Slots_are_those_of_a_redis_server(string key, int slot) => Assert.Equal(slot, Of(key));

    [Theory]
    [InlineData("{user1000}.following", "user1000")]
    [InlineData("{user1000}.followers", "user1000")]
    [InlineData("foo{{bar}}zap", "{bar")]
    [InlineData("foo{bar}{zap}", "bar")]
    [InlineData("{}bar", "{}bar")]
    public void A_hash_tag_decides_the_slot(string key, string tag) => Assert.Equal(Whole(tag), Of(key));

    [Theory]
    [InlineData("foo{}{bar}")]
    [InlineData("foo{bar")]
    [InlineData("foo}bar{")]
    public void Without_a_closed_and_filled_tag_the_whole_key_decides(string key) => Assert.Equal(Whole(key), Of(key));

    [Fact]
    public void Every_byte_counts_and_every_slot_is_in_range()
    {
        var seen = new HashSet<int>();
        for (var i = 0; i < 100_000; i++)
        {
            seen.Add(HashSlot.Of(BitConverter.GetBytes(i)));
        }

        Assert.Equal(HashSlot.Count, seen.Count);
        Assert.InRange(seen.Min(), 0, HashSlot.Count - 1);
        Assert.InRange(seen.Max(), 0, HashSlot.Count - 1);
    }

    private static int Of(string key) => HashSlot.Of(Encoding.UTF8.GetBytes(key));

    private static int Whole(string key) => HashSlot.Crc16(Encoding.UTF8.GetBytes(key)) % HashSlot.Count;
}
