using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;
using Cluster.Shared.KeyValue;

namespace Cluster.Node.Resp;

/// <summary>A command under way, from its start until its reply is written.</summary>
internal struct PendingReply
{
    /// <summary>A store command's result, with how to write it.</summary>
    public ValueTask<KvResult> Store;
    public ReplyFormat? Format;

    /// <summary>A longer command.</summary>
    public Task<RespValue>? Running;

    /// <summary>A reply that stands already.</summary>
    public RespValue? Ready;

    /// <summary>Key and kind of access, see <see cref="ReplyQueue"/>.</summary>
    public uint Access;

    /// <summary>What it counts against the connection's bound.</summary>
    public int Bytes;

    /// <summary>RESP version that held when it was sent.</summary>
    public byte Protocol;

    /// <summary>CLIENT REPLY: run, but not answered.</summary>
    public bool Silent;

    /// <summary>The connection ends after it.</summary>
    public bool Closes;

    /// <summary>Its number among the confirmations of subscriptions, see <see cref="PushQueue"/>; 0 for none.</summary>
    public int Confirmation;

    /// <summary>When it was started, for the duration metric.</summary>
    public long StartedAt;

    public readonly bool IsCompleted => Ready is not null || (Running is not null ? Running.IsCompleted : Store.IsCompleted);
}
