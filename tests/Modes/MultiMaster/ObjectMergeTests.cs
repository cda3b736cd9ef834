using System.Text.Json;
using Cluster.Modes.MultiMaster;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Modes.Tests.MultiMaster;

/// <summary>The merge is a join: whatever three replicas have done and met, the order and the number of merges change nothing.</summary>
public class ObjectMergeTests
{
    private static readonly Gen<int> Seeds = Gen.Choose(0, int.MaxValue);

    public static TheoryData<string> Types => ["lww", "siblings", "counter", "set", "map"];

    [Theory]
    [MemberData(nameof(Types))]
    public void It_is_commutative_associative_and_idempotent(string type) => Prop.ForAll(
        Seeds.ToArbitrary(),
        seed =>
        {
            var (one, two, three) = States(MultiMasterCore.TypeOf(type)!.Value, new Random(seed));

            Assert.Equal(Text(Join(one, two)), Text(Join(two, one)));
            Assert.Equal(Text(Join(Join(one, two), three)), Text(Join(one, Join(two, three))));
            Assert.Equal(Text(one), Text(Join(one, one)));
            Assert.Equal(Text(Join(one, two)), Text(Join(Join(one, two), two)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_sum_of_two_counts_is_no_join()
    {
        var world = new ReplicaWorld(1);
        world.Increment(0, "c", 5);
        var state = world.Written(0)[0].State;

        Assert.NotEqual(Text(state), Text(ObjectMerge.Join(state, state, new MergeRules(SumsCounts: true))));
    }

    /// <summary>Three replicas' states of one object after some work and some meetings.</summary>
    private static (ReplicatedObject One, ReplicatedObject Two, ReplicatedObject Three) States(ObjectType type, Random random)
    {
        var world = new ReplicaWorld(3);
        var last = new ReplicatedObject?[3];
        for (var step = 0; step < 40 || last.Any(state => state is null); step++)
        {
            var at = random.Next(3);
            world.WallMs[at] += random.Next(-20, 40);
            if (random.Next(4) == 0)
            {
                world.Fetch(at, (at + 1) % 3);
            }
            else
            {
                Write(world, at, type, random);
            }

            last[at] = world[at].PageFor(VersionVector.Zero, null).Objects is [var first, ..] ? first : last[at];
        }

        return (last[0]!, last[1]!, last[2]!);
    }

    private static void Write(ReplicaWorld world, int at, ObjectType type, Random random)
    {
        var (field, isRemoval) = ($"f{random.Next(3)}", random.Next(3) == 0);
        _ = world.Do(at, (core, now) => type switch
        {
            ObjectType.Counter => core.Increment("k", random.Next(-3, 4), now),
            ObjectType.LastWriterWins or ObjectType.Siblings => isRemoval ? core.Delete("k", type, null, now) : core.Put("k", type, $"{at}-{random.Next(9)}", null, null, now),
            _ => isRemoval ? core.Remove(type, "k", field, null, now) : core.Add(type, "k", field, type == ObjectType.Map ? $"{random.Next(9)}" : null, null, now),
        });
    }

    private static ReplicatedObject Join(ReplicatedObject one, ReplicatedObject two) => ObjectMerge.Join(one, two, MergeRules.Correct);

    private static string Text(ReplicatedObject state) => JsonSerializer.Serialize(state, MultiMasterJson.Default.ReplicatedObject);
}
