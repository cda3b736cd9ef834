using Cluster.Engine.Port;
using Cluster.Node.Resp.Databases;
using Cluster.Node.Resp.Subscriptions;
using Cluster.Node.Resp.Transactions;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp;

/// <summary>One connection's own state, changed only on its reading turn; CLIENT LIST of others reads it, a little old at worst.</summary>
internal sealed class RespSession
{
    /// <summary>Nobody waits for the outcome any more.</summary>
    public static readonly ClusterError Ended = new(ErrorCode.OutcomeUnknown, "the connection or the node is being closed");

    public RespSession(RespServer server, long id, string remote, string local)
    {
        Server = server;
        Id = id;
        Remote = remote;
        Local = local;
        OpenedAt = server.Time.GetTimestamp();
        LastCommandAt = OpenedAt;
        Authenticated = server.Node.RespPassword is null;
    }

    public RespServer Server { get; }

    public long Id { get; }

    public string Remote { get; }

    public string Local { get; }

    public long OpenedAt { get; }

    public long LastCommandAt { get; set; }

    public string LastCommand { get; set; } = "NULL";

    public string Name { get; set; } = "";

    public string LibraryName { get; set; } = "";

    public string LibraryVersion { get; set; } = "";

    /// <summary>Where it comes from, without the port.</summary>
    public string Address => Remote[..Math.Max(0, Remote.LastIndexOf(':'))];

    /// <summary>Wrong passwords so far.</summary>
    public int WrongPasswords { get; set; }

    public bool Authenticated { get; set; }

    /// <summary>2 until HELLO 3.</summary>
    public int Protocol { get; set; } = 2;

    /// <summary>What this connection's reads may see: CLIENT CONSISTENCY.</summary>
    public ReadConsistency Consistency { get; set; } = ReadConsistency.Linearizable;

    /// <summary>What the command at hand's reads may see: <see cref="Consistency"/>, or less where READONLY lets a copy answer.</summary>
    public ReadConsistency CallConsistency { get; set; } = ReadConsistency.Linearizable;

    /// <summary>The storage mode whose database this connection is on; null on database 0.</summary>
    public ModeConnection? OnMode { get; set; }

    /// <summary>READONLY: copies may answer this connection's reads.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>ASKING: the next command comes on another node's ASK.</summary>
    public bool IsAsking { get; set; }

    public ReplyMode Replies { get; set; }

    /// <summary>CLIENT REPLY SKIP came before the command at hand: only CLIENT REPLY ON is answered then.</summary>
    public bool SkipsReply { get; set; }

    /// <summary>What is queued since MULTI; null outside.</summary>
    public Transaction? Transaction { get; set; }

    /// <summary>What the next EXEC rests on.</summary>
    public WatchedKeys Watched { get; set; } = new();

    /// <summary>The transaction is over, whatever became of it, and nothing is watched any more.</summary>
    public void EndTransaction()
    {
        Transaction = null;
        Watched = new WatchedKeys();
    }

    /// <summary>Whether it is told the cluster's events: CLIENT EVENTS. Set while it is served.</summary>
    public EventFeed? Events { get; set; }

    /// <summary>Null for a connection that has never subscribed.</summary>
    public ConnectionSubscriptions? Subscriptions { get; private set; }

    public bool IsSubscribed => Subscriptions is { Any: true };

    /// <summary>Makes <see cref="Subscriptions"/> when they are first needed; set while it is served.</summary>
    public Func<ConnectionSubscriptions> OpenSubscriptions { get; set; } = static () => throw new InvalidOperationException("the connection is not served");

    /// <summary>To add to.</summary>
    public ConnectionSubscriptions Subscribing() => Subscriptions ??= OpenSubscriptions();

    /// <summary>Subscriptions of one kind.</summary>
    public int CountSubscriptions(TopicKind kind) => Subscriptions?.Count(kind) ?? 0;

    /// <summary>See <see cref="PushQueue.NextConfirmation"/>; set while it is served.</summary>
    public Func<int> NextConfirmation { get; set; } = static () => 0;

    /// <summary>Ends the connection from outside; set while it is served.</summary>
    public Action Kill { get; set; } = static () => { };

    /// <summary>Back to a fresh connection: RESET.</summary>
    public void Reset()
    {
        Name = "";
        Events?.Stop();
        Subscriptions?.Clear();
        Protocol = 2;
        Consistency = ReadConsistency.Linearizable;
        (IsReadOnly, IsAsking) = (false, false);
        OnMode = null;
        Replies = ReplyMode.On;
        Authenticated = Server.Node.RespPassword is null;
        EndTransaction();
    }

    /// <summary>Runs a store command; a failure of any kind is a result, so that many can be waited for one after the other.</summary>
    public async Task<KvResult> ExecuteAsync(KvCommand command, ReadConsistency consistency, CancellationToken cancellation)
    {
        try
        {
            return await Server.Store.ExecuteAsync(command, consistency, RequestIdentity.None, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Ended;
        }
    }

    /// <summary>Runs a keyless store command on one shard, likewise. Of a shard that a redirecting node does not lead it finds nothing: clients ask every node.</summary>
    public async Task<KvResult> ExecuteOnShardAsync(int shard, KvCommand command, ReadConsistency consistency, CancellationToken cancellation)
    {
        if (Server.Redirects is { } redirects && !redirects.Owns(shard))
        {
            return new KvReply();
        }

        try
        {
            return await Server.Store.ExecuteOnShardAsync(shard, command, consistency, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Ended;
        }
    }
}
