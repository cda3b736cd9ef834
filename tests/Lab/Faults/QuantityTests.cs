using Cluster.Lab.Faults;

namespace Cluster.Lab.Tests.Faults;

public class QuantityTests
{
    [Theory]
    [InlineData("50ms", 50)]
    [InlineData("1.5s", 1500)]
    [InlineData("1m", 60_000)]
    [InlineData("0", 0)]
    public void A_delay_is_read_in_milliseconds(string text, int expected) => Assert.Equal(expected, Quantity.Milliseconds(text));

    [Theory]
    [InlineData("50")]
    [InlineData("-5ms")]
    [InlineData("61s")]
    [InlineData("ms")]
    [InlineData("5 parsecs")]
    [InlineData("")]
    [InlineData("1e3ms")]
    public void A_delay_without_unit_or_out_of_bounds_is_refused(string text) => Assert.Throws<FormatException>(() => Quantity.Milliseconds(text));

    [Theory]
    [InlineData("10%", 10)]
    [InlineData("0.5%", 0.5)]
    [InlineData("100", 100)]
    public void A_share_is_read_with_or_without_its_sign(string text, double expected) => Assert.Equal(expected, Quantity.Percent(text));

    [Theory]
    [InlineData("101%")]
    [InlineData("-1%")]
    [InlineData("%")]
    [InlineData("NaN")]
    public void A_share_out_of_bounds_is_refused(string text) => Assert.Throws<FormatException>(() => Quantity.Percent(text));

    [Theory]
    [InlineData("1MB/s", 1_000_000)]
    [InlineData("64KiB/s", 65_536)]
    [InlineData("500b", 500)]
    [InlineData("0", 0)]
    public void A_rate_is_read_in_bytes_for_each_second(string text, long expected) => Assert.Equal(expected, Quantity.BytesPerSecond(text));

    [Theory]
    [InlineData("1MB/h")]
    [InlineData("fast")]
    [InlineData("0.1b/s")]
    public void What_is_no_rate_is_refused(string text) => Assert.Throws<FormatException>(() => Quantity.BytesPerSecond(text));
}
