using BenchmarkDotNet.Attributes;
using Cluster.Engine.Actors.Mailboxes;

namespace Cluster.Benchmarks.Micro;

/// <summary>A message into a mailbox's queue and out again, on one thread.</summary>
public class MailboxBenchmarks
{
    private readonly SegmentedQueue queue = new(100_000);
    private readonly object message = new();

    [Benchmark]
    public bool EnqueueAndDequeue()
    {
        queue.TryEnqueue(new Envelope(message, null), forced: false, out _);
        return queue.TryDequeue(out _);
    }
}
