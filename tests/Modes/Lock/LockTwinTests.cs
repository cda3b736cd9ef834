using Cluster.Modes.Lock;
using FsCheck;
using FsCheck.Fluent;

namespace Cluster.Modes.Tests.Lock;

/// <summary>Random commands: on one clock the decider equals its twin; on clocks that jump, what must never happen does not.</summary>
public class LockTwinTests
{
    private static readonly Gen<int> Seeds = Gen.Choose(0, int.MaxValue);

    [Fact]
    public void It_answers_as_its_twin() => Prop.ForAll(
        Seeds.ToArbitrary(),
        seed =>
        {
            var (random, world, twin) = (new Random(seed), new LockWorld(), new LockTwin());
            world.Do(LockWorld.Acquire("s0", lease: 1));
            twin.Do(0, LockWorld.Acquire("s0", lease: 1));
            for (var step = 0; step < 300; step++)
            {
                world.Clock += TimeSpan.FromSeconds(random.Next(3));
                var command = Random(random, world.State.LastToken);
                var reply = world.Do(command);
                Assert.Equal(twin.Do(world.Clock.TotalSeconds, command), (reply.Outcome, reply.Token, reply.Count, reply.Place));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_the_clocks_say_a_token_has_one_session_and_nobody_overtakes() => Prop.ForAll(
        Seeds.ToArbitrary(),
        seed =>
        {
            var (random, world) = (new Random(seed), new LockWorld());
            var (owners, lastTicket, newest) = (new Dictionary<long, string>(), 0L, 0L);
            for (var step = 0; step < 300; step++)
            {
                world.Clock += TimeSpan.FromSeconds(random.Next(20) == 0 ? random.Next(-1_000, 1_000) : random.Next(3));
                var reply = world.Do(Random(random, world.State.LastToken));
                if (reply.Outcome == LockOutcome.Held)
                {
                    Assert.Equal(reply.Session, owners.TryAdd(reply.Token, reply.Session!) ? reply.Session : owners[reply.Token]);
                    Assert.True(reply.Token >= newest && reply.Ticket >= lastTicket, $"token {reply.Token} with ticket {reply.Ticket} after {newest} with {lastTicket}");
                    (newest, lastTicket) = (reply.Token, reply.Ticket);
                    Assert.InRange(world.State.Hold!.Lease.Left(LockWorld.Start + world.Clock), TimeSpan.Zero, world.State.Hold.Lease.Length);
                }
            }
        }).QuickCheckThrowOnFailure();

    private static LockCommand Random(Random random, long newest) => random.Next(10) switch
    {
        < 6 => LockWorld.Acquire($"s{random.Next(4)}", lease: 1 + random.Next(8), delay: random.Next(3), keep: random.Next(3) * 4),
        6 => new Renew(Math.Max(1, newest - random.Next(2)), TimeSpan.FromSeconds(1 + random.Next(8))),
        7 or 8 => new Release(Math.Max(1, newest - random.Next(2)), null),
        _ => random.Next(2) == 0 ? new Withdraw($"s{random.Next(4)}") : new NoteTime(),
    };
}
