using System.Diagnostics;
using Cluster.Engine.Actors;
using Cluster.Engine.Port;

namespace Cluster.Benchmarks.Throughput;

/// <summary>One thread tells one actor as fast as it can; counted are messages handled.</summary>
internal sealed class LocalTell : IThroughputCase
{
    private const int Batch = 1_000_000;

    private readonly ActorSystem system = new("bench");
    private IActorRef? counter;

    public string Name => "local-tell";

    public string What => "tells from one thread to one actor";

    public double? Target => 15_000_000;

    public Task StartAsync()
    {
        counter = system.ActorOf(Props.Create(() => new Counter()).WithMailbox(Batch + 1));
        return Task.CompletedTask;
    }

    public async Task<long> RunAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var told = 0L;
        var message = new object();
        while (clock.Elapsed < time)
        {
            // The mailbox holds a batch: nothing is dropped, and what is counted was handled.
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            for (var i = 1; i < Batch; i++)
            {
                counter!.Tell(message);
            }

            counter!.Tell(done);
            await done.Task;
            told += Batch;
        }

        return told;
    }

    public async ValueTask DisposeAsync() => await system.TerminateAsync();

    private sealed class Counter : Actor
    {
        private long count;

        protected override void Receive(object message)
        {
            count++;
            (message as TaskCompletionSource)?.SetResult();
        }
    }
}
