namespace Cluster.Modes.Tests.Lock;

/// <summary>What enforces the tokens.</summary>
public class ResourceCoreTests
{
    private readonly LockWorld world = new();

    [Fact]
    public void The_newest_token_and_those_above_it_may_write_and_older_ones_may_not()
    {
        Assert.Null(world.Use(33, "one"));
        Assert.Null(world.Use(33, "two"));
        Assert.Null(world.Use(34, "three"));

        Assert.Equal("token 33 is too old for l: it has been used with token 34 since, so the lock has passed on", world.Use(33, "late"));
        Assert.Equal((34L, 3L, "three"), (world.Resource.NewestToken, world.Resource.Accesses, world.Resource.Value));
    }

    [Fact]
    public void The_broken_one_lets_everybody_in()
    {
        world.Use(34, "new");

        Assert.Null(world.Use(33, "late", unfenced: true));
        Assert.Equal("late", world.Resource.Value);
    }
}
