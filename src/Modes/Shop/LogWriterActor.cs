using Cluster.Engine.Port;
using Cluster.Shared.Results;

namespace Cluster.Modes.Shop;

/// <summary>
/// This node's way to one log. One write is under way at a time, and all entries that come meanwhile go with the next, so a busy log costs hardly more writes than an idle one. Whoever sent an entry
/// is told its turn, or <see cref="LogDown"/>.
/// </summary>
/// <param name="write">Makes one command of entries.</param>
/// <param name="read">The turns in a reply, in the order of the entries; null where it is none.</param>
internal sealed class LogWriterActor<TEntry>(IShardRegion logs, string log, Func<IReadOnlyList<TEntry>, object> write, Func<object, IEnumerable<object>?> read) : Actor
    where TEntry : class
{
    /// <summary>Entries of one write: bounds the log entry, which holds up its shard.</summary>
    private const int MaxBatch = 128;

    private readonly Queue<(TEntry Entry, IActorRef Asker)> waiting = new();
    private readonly List<IActorRef> underWay = [];

    protected override void Receive(object message)
    {
        switch (message)
        {
            case TEntry entry:
                waiting.Enqueue((entry, Sender));
                break;
            case EntityUnavailable unavailable:
                TellAll(_ => new LogDown(unavailable.Error));
                break;
            case EntityRefused refused:
                TellAll(_ => new LogDown(new ClusterError(ErrorCode.Conflict, refused.Reason)));
                break;
            case var reply when read(reply)?.ToList() is { } turns:
                TellAll(index => turns[index]);
                break;
            default:
                Unhandled(message);
                break;
        }

        Write();
    }

    private void Write()
    {
        if (underWay.Count > 0 || waiting.Count == 0)
        {
            return;
        }

        var entries = new List<TEntry>();
        while (entries.Count < MaxBatch && waiting.TryDequeue(out var next))
        {
            entries.Add(next.Entry);
            underWay.Add(next.Asker);
        }

        logs.Tell(new ToEntity(log, write(entries)), Self);
    }

    private void TellAll(Func<int, object> what)
    {
        foreach (var (index, asker) in underWay.Index())
        {
            asker.Tell(what(index), Self);
        }

        underWay.Clear();
    }
}
