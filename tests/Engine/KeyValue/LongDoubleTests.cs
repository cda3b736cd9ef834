using System.Text;
using Cluster.Engine.KeyValue;

namespace Cluster.Engine.Tests.KeyValue;

/// <summary>Sums of decimal numbers to the last digit: the expected ones are a Redis 7.0.15's on x86-64.</summary>
public class LongDoubleTests
{
    [Theory]
    [InlineData("10.50", "0.1", "10.6")]
    [InlineData("5.0e3", "2.0e2", "5200")]
    [InlineData("5200", "1.", "5201")]
    [InlineData("5201", ".5", "5201.5")]
    [InlineData("5201.5", "+1", "5202.5")]
    [InlineData("0", "3.0e-17", "0.00000000000000003")]
    [InlineData("0.00000000000000003", "0.1", "0.10000000000000003")]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("0.3", "1e17", "100000000000000000.296875")]
    [InlineData("0", "123456789012345678901234567890", "123456789012345678899921813504")]
    [InlineData("0", "-0.0", "0")]
    [InlineData("0", "1e-20", "0")]
    [InlineData("0", "-2e-20", "0")]
    [InlineData("0", "1e30", "1000000000000000000024696061952")]
    [InlineData("0", "18446744073709551617", "18446744073709551616")] // Halfway: to the even one.
    [InlineData("0", "18446744073709551619", "18446744073709551620")]
    [InlineData("0", "18446744073709551617.0000000001", "18446744073709551618")]
    [InlineData("18446744073709551616", "-0.5", "18446744073709551616")]
    [InlineData("1.1897314953572317650e4932", "-1.1897314953572317650e4932", "0")]
    public void A_sum_is_what_Redis_gives(string left, string right, string sum)
    {
        Assert.True(LongDouble.TryParse(Encoding.ASCII.GetBytes(left), out var a));
        Assert.True(LongDouble.TryParse(Encoding.ASCII.GetBytes(right), out var b));
        Assert.Equal(sum, Encoding.ASCII.GetString((a + b).Format()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData("1e2e")]
    [InlineData("--1")]
    [InlineData("nan")]
    [InlineData("1e5000")]
    [InlineData("1e-5000")]
    [InlineData("1e99999999999999999999")]
    [InlineData("-1e-99999999999999999999")]
    [InlineData("1,5")]
    public void What_is_no_number_is_refused(string text) => Assert.False(LongDouble.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void A_sum_past_the_largest_number_is_not_finite()
    {
        Assert.True(LongDouble.TryParse("1.18973149535723176502e4932"u8, out var largest));
        Assert.True(largest.IsFinite);
        Assert.False((largest + largest).IsFinite);
        Assert.True(LongDouble.TryParse("-inf"u8, out var infinite));
        Assert.False((largest + infinite).IsFinite);
        Assert.False(LongDouble.TryParse("1.18973149535723176509e4932"u8, out _));
    }

    /// <summary>Where a double is exact, so is the wider number, and both read alike.</summary>
    [Fact]
    public void Sums_of_small_binary_fractions_are_exact()
    {
        var random = new Random(20);
        for (var i = 0; i < 2_000; i++)
        {
            var left = random.Next(-1_000_000, 1_000_000) / 1024.0;
            var right = random.Next(-1_000_000, 1_000_000) / 1024.0;
            Assert.True(LongDouble.TryParse(Text(left), out var a));
            Assert.True(LongDouble.TryParse(Text(right), out var b));
            Assert.Equal(Text(left + right), (a + b).Format());
        }
    }

    private static byte[] Text(double number) => Encoding.ASCII.GetBytes(number.ToString("0.#################", System.Globalization.CultureInfo.InvariantCulture));
}
