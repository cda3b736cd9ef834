using System.Runtime.CompilerServices;
using Cluster.Modes.Lock;

namespace Cluster.Modes.Tests.Lock;

/// <summary>Kleppmann's figure, replayed: a client stops (a garbage collection, say) past its lease, another one gets the lock and writes, and the first one wakes up.</summary>
public class FencingTraceTests
{
    [Fact]
    public void The_late_holder_is_refused_by_the_storage()
    {
        var world = Play(unfenced: false);

        Assert.Equal("client 2's file", world.Resource.Value);
        Matches("Fenced", world.Trace);
    }

    [Fact]
    public void Without_tokens_the_late_holder_writes_over_the_new_one()
    {
        var world = Play(unfenced: true);

        Assert.Equal("client 1's file", world.Resource.Value);
        Matches("Unfenced", world.Trace);
    }

    private static LockWorld Play(bool unfenced)
    {
        var world = new LockWorld();
        world.At(0, LockWorld.Acquire("client 1", lease: 10, delay: 1));
        world.At(2, LockWorld.Acquire("client 2", keep: 30)); // Client 1 has stopped.
        world.At(10, new NoteTime());
        world.At(11, LockWorld.Acquire("client 2"));
        world.Use(2, "client 2's file", unfenced);
        world.At(15, new Renew(1, TimeSpan.FromSeconds(10))); // It would have asked; its write is under way already.
        world.Use(1, "client 1's file", unfenced);
        return world;
    }

    /// <summary><c>CLUSTER_GOLDEN=write</c> writes the file anew, to be read before it is committed.</summary>
    private static void Matches(string name, string trace, [CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("CLUSTER_GOLDEN") == "write")
        {
            File.WriteAllText(file, trace);
        }

        Assert.Equal(File.ReadAllText(file), trace);
    }
}
