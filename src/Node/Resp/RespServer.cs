using System.Collections.Concurrent;
using Cluster.Engine.Port;
using Cluster.Node.Http;
using Cluster.Node.Options;
using Cluster.Node.Resp.Databases;
using Cluster.Node.Resp.Redirection;
using Cluster.Node.Resp.Table;
using Cluster.Node.Security;
using Cluster.Node.Subscribers;
using Cluster.Shared.KeyValue;

namespace Cluster.Node.Resp;

/// <summary>What all RESP connections of a node share: the store, the clock, who is connected, and the counts that INFO tells.</summary>
internal sealed class RespServer : IDisposable
{
    /// <summary>Between two notes in the log of clients that speak HTTP: a web page can send such requests by the thousand.</summary>
    private static readonly TimeSpan HttpNotesApart = TimeSpan.FromMinutes(1);

    private readonly Random random;
    private readonly long[] calls = new long[CommandTable.Everything.Count];
    private readonly CancellationTokenSource draining = new();
    private long lastConnection;
    private long connectionsReceived;
    private long connectionsRejected;
    private long? httpNotedAt;

    public RespServer(IKeyValueClient store, IPubSub pubSub, SubscriberBacklogs subscribers, ModeDatabases databases, INodeStatus status, IClusterMap map, TimeProvider time, NodeOptions node, RespOptions options, FailedAuthentications failures, Random random)
    {
        Store = store;
        PubSub = pubSub;
        Subscribers = subscribers;
        Databases = databases;
        Status = status;
        Map = map;
        Redirects = node.Redirect ? new Redirects(map) : null;
        this.random = random;
        Time = time;
        Node = node;
        Options = options;
        Failures = failures;
        Password = node.RespPassword is { } password ? new Secret(password) : null;
        Cursors = new ScanCursors(NextRandom);
        StartedAt = time.GetTimestamp();
        var id = new byte[20];
        random.NextBytes(id);
        RunId = Convert.ToHexStringLower(id);
    }

    public IKeyValueClient Store { get; }

    public IPubSub PubSub { get; }

    /// <summary>What waits for slow clients.</summary>
    public SubscriberBacklogs Subscribers { get; }

    /// <summary>The storage modes that clients can SELECT.</summary>
    public ModeDatabases Databases { get; }

    /// <summary>What this node sees of the cluster.</summary>
    public INodeStatus Status { get; }

    public IClusterMap Map { get; }

    /// <summary>Null on a node that serves every key.</summary>
    public Redirects? Redirects { get; }

    public TimeProvider Time { get; }

    public NodeOptions Node { get; }

    public RespOptions Options { get; }

    /// <summary>Null: none is asked for.</summary>
    public Secret? Password { get; }

    public FailedAuthentications Failures { get; }

    public ScanCursors Cursors { get; }

    /// <summary>40 random hex digits for this life of the process, as Redis has them.</summary>
    public string RunId { get; }

    public long StartedAt { get; }

    /// <summary>Who is connected, by connection number.</summary>
    public ConcurrentDictionary<long, RespSession> Sessions { get; } = new();

    public long UnixMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public long ConnectionsReceived => Interlocked.Read(ref connectionsReceived);

    public long ConnectionsRejected => Interlocked.Read(ref connectionsRejected);

    /// <summary>Set when the node is about to end: each connection answers what it has received, and closes.</summary>
    public CancellationToken Draining => draining.Token;

    /// <summary>Takes no connection and no command any more. Returns at once; <see cref="Sessions"/> is empty when all is answered.</summary>
    public void Drain() => draining.Cancel();

    /// <summary>Takes a place for a connection; null when all are taken.</summary>
    public RespSession? Open(string remote, string local)
    {
        Interlocked.Increment(ref connectionsReceived);
        var session = new RespSession(this, Interlocked.Increment(ref lastConnection), remote, local);
        Sessions[session.Id] = session;
        if (Sessions.Count <= Options.MaxConnections)
        {
            return session;
        }

        Sessions.TryRemove(session.Id, out _);
        Interlocked.Increment(ref connectionsRejected);
        return null;
    }

    /// <summary>A random number, not negative.</summary>
    public long NextRandom()
    {
        lock (random)
        {
            return random.NextInt64();
        }
    }

    /// <summary>Whether a client that speaks HTTP is to be noted in the log.</summary>
    public bool MayNoteHttp()
    {
        lock (calls)
        {
            if (httpNotedAt is { } noted && Time.GetElapsedTime(noted) < HttpNotesApart)
            {
                return false;
            }

            httpNotedAt = Time.GetTimestamp();
            return true;
        }
    }

    public void Dispose() => draining.Dispose();

    public void Close(RespSession session) => Sessions.TryRemove(session.Id, out _);

    public void CountCall(CommandSpec command) => Interlocked.Increment(ref calls[command.Index]);

    public long Calls(CommandSpec command) => Interlocked.Read(ref calls[command.Index]);
}
