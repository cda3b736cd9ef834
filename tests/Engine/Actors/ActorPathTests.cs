using Cluster.Engine.Port;

namespace Cluster.Engine.Tests.Actors;

/// <summary>Paths as text, both ways.</summary>
public sealed class ActorPathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/user/a/b")]
    [InlineData("/user/a#17")]
    [InlineData("cluster://n1@127.0.0.1:4053/user/a#9223372036854775807")]
    [InlineData("cluster://n1@[::1]:4053/user/$1")]
    public void A_path_reads_back_as_it_was_written(string text) =>
        Assert.Equal(text, ActorPath.Parse(text).ToSerializationFormat(null));

    [Theory]
    [InlineData("")]
    [InlineData("user/a")]
    [InlineData("/user//a")]
    [InlineData("/user/a/")]
    [InlineData("/user/a#")]
    [InlineData("/user/a#-1")]
    [InlineData("/user/a#99999999999999999999")]
    [InlineData("/user/a b")]
    [InlineData("akka://n1@127.0.0.1:4053/user/a")]
    [InlineData("cluster://n1/user/a")]
    [InlineData("cluster://n1@127.0.0.1:4053")]
    [InlineData("cluster://n1@127.0.0.1:99999/user")]
    public void What_is_no_path_is_refused(string text)
    {
        Assert.False(ActorPath.TryParse(text, out _));
        Assert.Throws<FormatException>(() => ActorPath.Parse(text));
    }

    [Fact]
    public void A_path_too_long_is_refused() => Assert.False(ActorPath.TryParse("/" + new string('a', ActorPath.MaxLength), out _));

    [Fact]
    public void Parent_and_child_are_inverse()
    {
        var path = ActorPath.Parse("cluster://n1@127.0.0.1:4053/user/a");
        Assert.Equal(path, path.Child("b", 3).Parent);
        Assert.Equal("b", path.Child("b").Name);
        Assert.Equal("/", ActorPath.Parse("/user").Parent!.Elements);
        Assert.Null(ActorPath.Root.Parent);
    }
}
