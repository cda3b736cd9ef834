using Cluster.Modes.CapTunable;

namespace Cluster.Modes.Tests.CapTunable;

/// <summary>What a client has seen only grows, survives as text, and what was never given is refused or cut down to what there is.</summary>
public class SessionTokenTests
{
    [Fact]
    public void It_only_grows_and_is_read_back_as_it_was_told()
    {
        var token = SessionToken.Nothing.With(3, 17).With(3, 5).With(21, 4);

        Assert.Equal("3:17,21:4", token.ToString());
        Assert.True(SessionToken.TryParse(token.ToString(), out var read));
        Assert.Equal((17, 4, 0), (read[3], read[21], read[0]));
        Assert.Equal("1:1,3:17,21:9", token.Join(SessionToken.Nothing.With(1, 1).With(3, 2).With(21, 9)).ToString());
        Assert.True(SessionToken.TryParse(null, out var nothing));
        Assert.Empty(nothing.Positions);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("3")]
    [InlineData("3:")]
    [InlineData("32:1")]
    [InlineData("-1:1")]
    [InlineData("3:-1")]
    [InlineData("3:1:2")]
    [InlineData("3:99999999999999999999")]
    public void What_is_no_token_is_refused(string text) => Assert.False(SessionToken.TryParse(text, out _));

    [Fact]
    public void A_position_that_was_never_reached_is_cut_down()
    {
        var token = SessionToken.Nothing.With(3, long.MaxValue).With(4, 2);

        Assert.Equal("3:10,4:2", token.Cut(3, 10).Cut(4, 7).ToString());
        Assert.Equal("4:2", token.Cut(3, 0).ToString());
    }

    [Fact]
    public void The_longest_fits_its_bound() =>
        Assert.InRange(Enumerable.Range(0, PartitionCore.Count).Aggregate(SessionToken.Nothing, (token, partition) => token.With(partition, long.MaxValue)).ToString().Length, 1, SessionToken.MostBytes);
}
