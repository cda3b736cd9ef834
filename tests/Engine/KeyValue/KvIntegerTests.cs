using System.Text;
using Cluster.Engine.KeyValue;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>What a Redis server takes for an integer (observed on 7.0 with INCRBY key 0).</summary>
public class KvIntegerTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("10", 10)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Canonical_numbers_are_read_and_written_back_alike(string text, long number)
    {
        Assert.True(KvInteger.TryParse(Encoding.ASCII.GetBytes(text), out var read));
        Assert.Equal(number, read);
        Assert.Equal(text, Encoding.ASCII.GetString(KvInteger.Format(number)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("-0")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("00")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("0x1")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("100000000000000000000")]
    public void Anything_else_is_no_integer(string text) => Assert.False(KvInteger.TryParse(Encoding.ASCII.GetBytes(text), out _));
}
