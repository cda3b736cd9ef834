using Cluster.Engine.Actors;
using Cluster.Engine.Port;
using Cluster.Engine.Storage;

namespace Cluster.Engine.Replication;

/// <summary>
/// Writes the node's log on a thread of its own. All batches that wait when it gets to work become durable by one write and one fsync (group commit).
/// When the disk is full it stalls, keeps what it could not write, and tries again until there is room; when an fsync fails it ends the node, because after
/// that nothing tells what is on the disk.
/// </summary>
internal sealed class WalActor(WriteAheadLog log, IActorRef host, ReplicationMetrics metrics, Action<string> fatal) : Actor, IBatchActor
{
    /// <summary>How often a full disk is tried again.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>How often groups are asked for snapshots: each takes a while to be written.</summary>
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(2);

    private TimeSpan nextAsk;
    private long lastAppended;
    private long lastDurable;
    private bool stalled;

    protected override void Receive(object message)
    {
        switch (message)
        {
            case WalBatch batch:
                Append(batch);
                break;
            case RetryFlush:
                Flush();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    public void OnBatchEnd()
    {
        if (!stalled && lastAppended > lastDurable)
        {
            Flush();
        }
    }

    private void Append(WalBatch batch)
    {
        if (batch.Number != lastAppended + 1)
        {
            throw new InvalidOperationException($"batch {batch.Number} for the log came after batch {lastAppended}: one between was lost, and must not be reported as durable");
        }

        foreach (var write in batch.Writes)
        {
            write.AppendTo(log);
        }

        lastAppended = batch.Number;
    }

    private void Flush()
    {
        var (start, bytes) = (Context.System.Time.GetTimestamp(), log.PendingBytes);
        var flush = log.Flush();
        metrics.Flushed(Context.System.Time.GetElapsedTime(start), bytes);
        switch (flush.Status)
        {
            case WalFlushStatus.Durable:
                lastDurable = lastAppended;
                host.Tell(stalled ? new WalResumed(lastDurable) : new WalFlushed(lastDurable));
                stalled = false;
                AskForRoom();
                break;
            case WalFlushStatus.DiskFull or WalFlushStatus.WriteFailed:
                if (!stalled)
                {
                    stalled = true;
                    host.Tell(new WalStalled(flush.Message!));
                }

                Timers.StartSingle(nameof(RetryFlush), RetryFlush.Instance, RetryInterval);
                break;
            default:
                fatal(flush.Message!);
                break;
        }
    }

    /// <summary>Groups that write little hold old segments back: they are asked for snapshots before the log outgrows its bound.</summary>
    private void AskForRoom()
    {
        if (log.IsOverSoftBound && Context.System.Time.Elapsed() is var now && now >= nextAsk)
        {
            nextAsk = now + AskInterval;
            host.Tell(new LogTooLong(log.GroupsPinningOldest()));
        }
    }

    private sealed record RetryFlush
    {
        public static readonly RetryFlush Instance = new();
    }
}
