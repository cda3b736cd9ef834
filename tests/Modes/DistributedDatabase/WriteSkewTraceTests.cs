using System.Runtime.CompilerServices;
using Cluster.Modes.DistributedDatabase.Transactions;

namespace Cluster.Modes.Tests.DistributedDatabase;

/// <summary>
/// Write skew (Berenson et al. 1995, A5B), message by message: two doctors are on call, each looks whether the other is, and takes the night off. By snapshot both may; serializable, one of them has to look again.
/// </summary>
public class WriteSkewTraceTests
{
    [Fact]
    public void By_snapshot_both_go_home()
    {
        var (world, left) = Play(serializable: false);

        Assert.Equal(["off", "off"], left);
        Matches("Snapshot", world.Trace);
    }

    [Fact]
    public void Serializable_one_has_to_look_again_and_stays()
    {
        var (world, left) = Play(serializable: true);

        Assert.Single(left, "on");
        Matches("Serializable", world.Trace);
    }

    private static (DatabaseWorld World, List<string?> Left) Play(bool serializable)
    {
        var world = new DatabaseWorld(seed: 7);
        world.Begin("d1", true, new Step(StepKind.Put, "ann", "on"));
        world.Begin("d2", true, new Step(StepKind.Put, "bob", "on"));
        world.Run();
        world.Trace.Clear();

        Step[] both = [new(StepKind.Expect, "ann", "on"), new(StepKind.Expect, "bob", "on")];
        var ann = world.Begin("ann", serializable, [.. both, new Step(StepKind.Put, "ann", "off")]);
        var bob = world.Begin("bob", serializable, [.. both, new Step(StepKind.Put, "bob", "off")]);
        while (world.Step(ann) | world.Step(bob))
        {
        }

        world.Trace.Add(Told(ann));
        world.Trace.Add(Told(bob));
        var reader = world.Begin("r", true, new Step(StepKind.Read, "ann"), new Step(StepKind.Read, "bob"));
        world.Run();
        return (world, [.. reader.Told!.Results.Select(result => result.Value)]);

        static string Told(Coordinator one) => $"{one.Request.Id} is told {one.Told!.End}, after {one.Told.Attempts} attempts{(one.Told.Why is { } why ? $": {why}" : "")}";
    }

    /// <summary><c>CLUSTER_GOLDEN=write</c> writes the file anew, to be read before it is committed.</summary>
    private static void Matches(string name, IEnumerable<string> trace, [CallerFilePath] string caller = "")
    {
        var (file, text) = (Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name + ".txt"), string.Join('\n', trace) + "\n");
        if (Environment.GetEnvironmentVariable("CLUSTER_GOLDEN") == "write")
        {
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
    }
}
