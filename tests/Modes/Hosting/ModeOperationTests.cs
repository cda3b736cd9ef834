using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.Tests.Hosting;

/// <summary>What is sent to a mode is checked before any actor sees it.</summary>
public class ModeOperationTests
{
    private static readonly ModeOperation Acquire = new("acquire", "Takes it.")
    {
        Arguments =
        [
            ModeArgument.Text("name", "Which one.", mostBytes: 8),
            ModeArgument.Duration("lease", "How long.", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)).Or("10s"),
            ModeArgument.Number("weight", "How much.", 1, 9).Optional(),
            ModeArgument.Choice("order", "Which way.", "fair", "any").Or("fair"),
        ],
    };

    [Fact]
    public void What_is_left_out_is_as_it_was_declared()
    {
        Assert.True(Acquire.TryRead(new Dictionary<string, string> { ["name"] = "a" }, out var request, out _));

        Assert.Equal(("a", TimeSpan.FromSeconds(10), "fair", null), (request.Text("name"), request.Duration("lease"), request.Text("order"), request.Find("weight")));
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("1m", 60_000)]
    public void Times_are_read_with_their_units(string text, double milliseconds)
    {
        Assert.True(Acquire.TryRead(new Dictionary<string, string> { ["name"] = "a", ["lease"] = text }, out var request, out _));

        Assert.Equal(milliseconds, request.Duration("lease").TotalMilliseconds);
    }

    [Theory]
    [InlineData("lease", "-5s", "lease=-5s is not a time from 100ms to 1m")]
    [InlineData("lease", "5", "lease=5 is not a time")]
    [InlineData("lease", "NaNs", "lease=NaNs is not a time")]
    [InlineData("lease", "2h", "lease=2h is not a time from 100ms to 1m")]
    [InlineData("weight", "10", "weight=10 is not a whole number from 1 to 9")]
    [InlineData("weight", "1.0", "weight=1.0 is not a whole number")]
    [InlineData("order", "FAIR", "order=FAIR is not one of fair, any")]
    [InlineData("name", "", "name has 0 bytes; it may have 1 to 8")]
    [InlineData("name", "123456789", "name has 9 bytes; it may have 1 to 8")]
    [InlineData("nam", "a", "unknown argument 'nam': acquire takes name, lease, weight, order")]
    public void What_is_wrong_is_refused_with_what_is_allowed(string argument, string value, string why)
    {
        var sent = new Dictionary<string, string> { ["name"] = "a", [argument] = value };

        Assert.False(Acquire.TryRead(sent, out _, out var error));
        Assert.Equal(ErrorCode.BadRequest, error.Code);
        Assert.StartsWith(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_must_be_given_is_asked_for()
    {
        Assert.False(Acquire.TryRead(new Dictionary<string, string>(), out _, out var error));
        Assert.Equal("acquire needs name: Which one.", error.Message);
    }
}
