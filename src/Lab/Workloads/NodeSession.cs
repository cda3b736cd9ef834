using System.Net;
using System.Net.Sockets;
using Cluster.Lab.Histories;
using Cluster.Lab.Http;
using Cluster.Lab.Resp;
using Cluster.Shared.Files;

namespace Cluster.Lab.Workloads;

/// <summary>
/// One client's connection to one node at a time, over RESP, and HTTP for what Redis has no command for. Says of each operation what may be concluded from
/// its answer: failed only where it certainly had no effect, else unknown.
/// </summary>
internal sealed class NodeSession(IReadOnlyList<ClusterFileNode> nodes, int first, WorkloadOptions options, TimeProvider time) : IAsyncDisposable
{
    /// <summary>First words of error replies after which a command certainly had no effect.</summary>
    private static readonly string[] Refusals = ["CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK", "LOADING", "READONLY", "WRONGTYPE", "NOAUTH", "MISCONF", "OOM", "BUSY"];

    /// <summary>One request meets as many ending nodes at most: more is not a coincidence.</summary>
    private const int MostAgain = 8;

    private readonly Dictionary<string, NodeApi> apis = [];
    private readonly Dictionary<string, string?> seen = [];
    private int current = first % nodes.Count;
    private RespClient? client;
    private bool movingOn;
    private string? steeredTo;
    private long sentAgain;

    /// <summary>Requests sent once more, to another node.</summary>
    public long SentAgain => Volatile.Read(ref sentAgain);

    /// <summary>The name of the node that the next operation goes to.</summary>
    public string Asked => Node.Name;

    private ClusterFileNode Node => nodes[current];

    /// <summary>The next operation goes to the next node, by a new connection.</summary>
    public void MoveOn() => movingOn = true;

    /// <summary>The next operation goes to this node, by a new connection. On any thread.</summary>
    public void Steer(string node) => Volatile.Write(ref steeredTo, node);

    /// <summary>False: this node takes no connection; the next call tries the next one.</summary>
    public async Task<bool> TryConnectAsync(CancellationToken cancellation)
    {
        var steered = Interlocked.Exchange(ref steeredTo, null);
        if ((movingOn || steered is not null) && client is not null)
        {
            await client.DisposeAsync().ConfigureAwait(false);
            client = null;
            Next();
        }

        movingOn = false;
        current = steered is not null && nodes.Index().FirstOrDefault(node => node.Item.Name == steered) is { Item: not null } found ? found.Index : current;
        if (client is not null)
        {
            return true;
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            client = await RespClient.ConnectAsync(Node, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            Next();
            return false;
        }
    }

    /// <summary>What this client last saw in the key, for a compare-and-set to expect; null if it never saw a value there.</summary>
    public string? LastSeen(string key) => seen.GetValueOrDefault(key);

    public Task<Answer> ExecuteAsync(string op, string key, string?[] input, CancellationToken cancellation) => ExecuteAsync(op, key, input, again: 0, cancellation);

    private async Task<Answer> ExecuteAsync(string op, string key, string?[] input, int again, CancellationToken cancellation)
    {
        if (op == "cas")
        {
            return await CompareAndSetAsync(key, input[0], input[1]!, again, cancellation).ConfigureAwait(false);
        }

        if (client is null && !await TryConnectAsync(cancellation).ConfigureAwait(false))
        {
            return new Answer(Outcome.Fail);
        }

        try
        {
            var reply = await SendAsync(op, key, input).WaitAsync(options.OperationTimeout, time, cancellation).ConfigureAwait(false);
            var answer = Judge(op, reply);
            if (answer.Outcome == Outcome.Ok)
            {
                seen[key] = op == "write" ? input[0] : answer.Output;
            }

            return answer;
        }
        catch (Exception e) when (e is IOException && options.EndsInOrder(Node.Name) && again < MostAgain)
        {
            MoveOn();
            return await SendAgainAsync(op, key, input, again, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            MoveOn();
            return new Answer(op == "read" ? Outcome.Fail : Outcome.Info);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var api in apis.Values)
        {
            api.Dispose();
        }

        if (client is not null)
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Task<RespValue> SendAsync(string op, string key, string?[] input) => op switch
    {
        "read" => client!.SendAsync(CancellationToken.None, "GET", key),
        "write" => client!.SendAsync(CancellationToken.None, "SET", key, input[0]!),
        "delete" => client!.SendAsync(CancellationToken.None, "DEL", key),
        "incr" => client!.SendAsync(CancellationToken.None, "INCRBY", key, input[0]!),
        _ => throw new ArgumentException($"no command for '{op}'"),
    };

    private static Answer Judge(string op, RespValue reply)
    {
        if (reply.IsError)
        {
            return new Answer(op == "read" || Refusals.Contains(reply.ErrorCode) ? Outcome.Fail : Outcome.Info);
        }

        return new Answer(Outcome.Ok, op is "read" or "incr" ? reply.Text : null);
    }

    private async Task<Answer> CompareAndSetAsync(string key, string? expected, string value, int again, CancellationToken cancellation)
    {
        try
        {
            if (!await Api().CompareAndSetAsync(key, expected, value, cancellation).ConfigureAwait(false))
            {
                // Another value stood there: certain to have had no effect. As in Jepsen that is a failure, not an answer.
                seen.Remove(key);
                return new Answer(Outcome.Fail, IsConflict: true);
            }

            seen[key] = value;
            return new Answer(Outcome.Ok, "true");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or NodeRefusedException { Status: HttpStatusCode.ServiceUnavailable } && options.EndsInOrder(Node.Name) && again < MostAgain)
        {
            MoveOn();
            return await SendAgainAsync("cas", key, [expected, value], again, cancellation).ConfigureAwait(false);
        }
        catch (NodeRefusedException e)
        {
            return new Answer(e.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadRequest ? Outcome.Fail : Outcome.Info);
        }
        catch (Exception e) when (NodeApi.IsNoAnswer(e))
        {
            MoveOn();
            return new Answer(Outcome.Info);
        }
    }

    private async Task<Answer> SendAgainAsync(string op, string key, string?[] input, int again, CancellationToken cancellation)
    {
        Interlocked.Increment(ref sentAgain);
        for (var tries = 0; !await TryConnectAsync(cancellation).ConfigureAwait(false) && tries < nodes.Count;)
        {
            tries++; // Each try is at the next node.
        }

        return await ExecuteAsync(op, key, input, again + 1, cancellation).ConfigureAwait(false);
    }

    private NodeApi Api()
    {
        if (!apis.TryGetValue(Node.Name, out var api))
        {
            apis.Add(Node.Name, api = new NodeApi(Node, options.OperationTimeout));
        }

        return api;
    }

    private void Next() => current = (current + 1) % nodes.Count;

    /// <param name="IsConflict">A compare-and-set that found another value: an answer to the client, though nothing took effect.</param>
    internal readonly record struct Answer(Outcome Outcome, string? Output = null, bool IsConflict = false);
}
