using System.Diagnostics;
using Cluster.Engine.Actors.Mailboxes;

namespace Cluster.Engine.Tests.Actors;

/// <summary>The queues against a plain one under random steps, and under many senders at once.</summary>
public sealed class MailboxQueueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    [InlineData(5000)]
    public void The_segmented_queue_equals_a_bounded_plain_queue(int capacity)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var queue = new SegmentedQueue(capacity);
            var model = new Queue<object>();
            for (var step = 0; step < 5000; step++)
            {
                var burst = random.Next(1, 100);
                if (random.Next(2) == 0)
                {
                    for (var i = 0; i < burst; i++)
                    {
                        object message = step * i;
                        var forced = random.Next(20) == 0;
                        var taken = queue.TryEnqueue(new Envelope(message, null), forced, out var refused);
                        Assert.Equal(forced || model.Count < capacity, taken);
                        if (taken)
                        {
                            model.Enqueue(message);
                        }
                        else
                        {
                            Assert.Same(message, refused.Message);
                        }
                    }
                }
                else
                {
                    for (var i = 0; i < burst && queue.TryDequeue(out var envelope); i++)
                    {
                        Assert.Same(model.Dequeue(), envelope.Message);
                    }
                }

                Assert.Equal(model.Count, queue.Count);
                Assert.Equal(model.Count == 0, queue.IsEmpty);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(256)]
    public void Many_senders_at_once_lose_nothing_and_keep_each_ones_order(int largestSegment)
    {
        const int Senders = 12, Each = 100_000;
        var queue = new SegmentedQueue(int.MaxValue, largestSegment);
        var threads = Enumerable.Range(0, Senders).Select(sender => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                queue.TryEnqueue(new Envelope((sender, i), null), forced: false, out _);
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        var next = new int[Senders];
        var deadline = Stopwatch.StartNew();
        var spin = new SpinWait();
        for (var taken = 0; taken < Senders * Each;)
        {
            if (!queue.TryDequeue(out var envelope))
            {
                Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(20), $"stuck after {taken} messages");
                spin.SpinOnce();
                continue;
            }

            var (sender, number) = ((int, int))envelope.Message;
            Assert.Equal(next[sender]++, number);
            taken++;
        }

        Array.ForEach(threads, thread => thread.Join());
        Assert.True(queue.IsEmpty);
    }
}
