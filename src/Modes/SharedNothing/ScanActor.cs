using System.Text;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Modes.SharedNothing;

/// <summary>
/// One page of keys in the order of their UTF-8. Hash slots scatter them, so every shard is asked, one after the other: what a range costs on a store that is cut by hash. Each shard answers for a moment of its own. Keys and
/// values that are no text, which only database 0 takes, are passed over.
/// </summary>
internal sealed class ScanActor(IModeNode node, ModeRequest asked, ReadConsistency consistency, IActorRef client) : Actor
{
    private readonly byte[] prefix = Encoding.UTF8.GetBytes(asked.Find(StorageOperations.Prefix) ?? "");
    private readonly byte[] after = Encoding.UTF8.GetBytes(asked.Find(StorageOperations.After) ?? "");
    private readonly int limit = (int)asked.Number(StorageOperations.Limit);
    private readonly SortedSet<KvEntry> page = new(ByteOrder.Instance);
    private int shard;
    private bool hasMore;

    protected override void PreStart() => Ask(after);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case KvReply { Status: KvStatus.Ok } reply:
                Take(reply);
                break;
            case KvReply refused:
                Answer(ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, refused.Detail)));
                break;
            case KeysUnavailable unavailable:
                Answer(ModeAnswer.Failed(unavailable.Error));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ask(byte[] from) => node.Keys.TellShard(shard, KvCommands.Scan(prefix, from, limit + 1, withValues: true), Self, consistency);

    private void Take(KvReply reply)
    {
        page.UnionWith(reply.Entries.Where(entry => IsText(entry.Key) && IsText(entry.Value)));
        while (page.Count > limit)
        {
            page.Remove(page.Max!); // The next page begins before it.
            hasMore = true;
        }

        if (reply.More && (page.Count < limit || reply.ResumeAfter.Span.SequenceCompareTo(page.Max!.Key.Span) < 0))
        {
            Ask(reply.ResumeAfter.ToByteArray());
            return;
        }

        hasMore |= reply.More;
        if (++shard < node.Keys.ShardCount)
        {
            Ask(after);
            return;
        }

        var found = page.Select(entry => new StoredValue(entry.Key.ToStringUtf8(), entry.Value.ToStringUtf8(), KeyActor.Version(entry.Revision)));
        Answer(ModeAnswer.Ok(new StoredKeys([.. found], hasMore), StorageJson.Default.StoredKeys));
    }

    private static bool IsText(ByteString bytes) => StorageText.TryRead(bytes.Span, out _);

    private void Answer(ModeAnswer answer)
    {
        client.Tell(answer, Self);
        Context.Stop(Self);
    }

    /// <summary>As the store itself orders keys.</summary>
    private sealed class ByteOrder : IComparer<KvEntry>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(KvEntry? x, KvEntry? y) => x!.Key.Span.SequenceCompareTo(y!.Key.Span);
    }
}
