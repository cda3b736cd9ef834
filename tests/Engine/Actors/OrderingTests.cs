using Cluster.Engine.Actors;

namespace Cluster.Engine.Tests.Actors;

/// <summary>From one sender to one receiver, messages arrive in the order they were sent; whatever the threads do, and whatever a seed draws.</summary>
public sealed class OrderingTests
{
    private const int Senders = 4;
    private const int Receivers = 3;
    private const int Each = 40;

    [Fact]
    public void A_thousand_seeded_orders_keep_each_pairs_order()
    {
        var histories = new HashSet<string>();
        for (var seed = 0; seed < 1000; seed++)
        {
            var history = RunSeed(seed);
            Assert.Equal(Senders * Receivers * Each, history.Count);
            AssertPairsInOrder(history, seed);
            histories.Add(string.Join(' ', history));
        }

        // The orders have to differ, or the claim was tried only once.
        Assert.True(histories.Count > 900, $"only {histories.Count} different histories");
    }

    [Fact]
    public void One_seed_gives_one_history() => Assert.Equal(RunSeed(12), RunSeed(12));

    [Fact]
    public async Task On_the_thread_pool_each_pairs_order_holds_and_nothing_is_lost()
    {
        const int Count = 20_000;
        var system = new ActorSystem("pool");
        var done = new TaskCompletionSource();
        var inOrder = true;
        var finished = 0;
        var next = new int[Senders];
        var receiver = system.ActorOf(TestActor.Props((_, message) =>
        {
            var (sender, number) = ((int, int))message;
            inOrder &= next[sender]++ == number;
            if (number == Count - 1 && ++finished == Senders)
            {
                done.SetResult();
            }
        }));
        for (var sender = 0; sender < Senders; sender++)
        {
            var id = sender;
            system.ActorOf(TestActor.Props((self, message) =>
            {
                var number = (int)message;
                receiver.Tell((id, number), self.Self);
                if (number < Count - 1)
                {
                    self.Self.Tell(number + 1);
                }
            })).Tell(0);
        }

        await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(inOrder);
        await system.TerminateAsync();
    }

    private static List<(int Receiver, int Sender, int Number)> RunSeed(int seed)
    {
        var world = new ActorWorld(seed, options => options with { Throughput = 3 }, randomOrder: true);
        var history = new List<(int, int, int)>();
        var receivers = Enumerable.Range(0, Receivers).Select(receiver => world.Start((_, message) =>
        {
            var (sender, number) = ((int, int))message;
            history.Add((receiver, sender, number));
        })).ToArray();
        for (var sender = 0; sender < Senders; sender++)
        {
            var id = sender;
            world.Start((self, message) =>
            {
                var number = (int)message;
                foreach (var receiver in receivers)
                {
                    receiver.Tell((id, number), self.Self);
                }

                if (number < Each - 1)
                {
                    self.Self.Tell(number + 1);
                }
            }).Tell(0);
        }

        world.Settle();
        return history;
    }

    private static void AssertPairsInOrder(List<(int Receiver, int Sender, int Number)> history, int seed)
    {
        var next = new int[Receivers, Senders];
        foreach (var (receiver, sender, number) in history)
        {
            Assert.True(next[receiver, sender]++ == number, $"seed {seed}: receiver {receiver} got {number} of sender {sender} out of order");
        }
    }
}
