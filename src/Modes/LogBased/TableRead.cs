using Cluster.Engine.Port;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>What one read of the log brought a table.</summary>
/// <param name="From">The offset from which it was read.</param>
/// <param name="Reply">A <see cref="LogReply"/>, or <see cref="LogUnavailable"/>.</param>
internal sealed record TableRead(bool IsLatest, ulong From, object Reply);

/// <summary>One read of the log for a table. Of a table's two kinds of reads each has one under way, so that those of the nearest replica never wait for a leader.</summary>
internal sealed class TableReadActor(IDurableLog log, string partition, ulong from, bool isLatest) : Actor
{
    /// <summary>Of one read.</summary>
    private const int ReadBytes = 1024 * 1024;

    protected override void PreStart() => log.Tell(LogSteps.Fetch(partition, from, ReadBytes), Self, isStale: !isLatest);

    protected override void Receive(object message)
    {
        Context.Parent.Tell(new TableRead(isLatest, from, message), Self);
        Context.Stop(Self);
    }
}
