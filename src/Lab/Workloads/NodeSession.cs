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

    private readonly Dictionary<string, NodeApi> apis = [];
    private readonly Dictionary<string, string?> seen = [];
    private int current = first % nodes.Count;
    private RespClient? client;
    private bool movingOn;

    /// <summary>The name of the node that the next operation goes to.</summary>
    public string Asked => Node.Name;

    private ClusterFileNode Node => nodes[current];

    /// <summary>The next operation goes to the next node, by a new connection.</summary>
    public void MoveOn() => movingOn = true;

    /// <summary>False: this node takes no connection; the next call tries the next one.</summary>
    public async Task<bool> TryConnectAsync(CancellationToken cancellation)
    {
        if (movingOn && client is not null)
        {
            await client.DisposeAsync().ConfigureAwait(false);
            client = null;
            Next();
        }

        movingOn = false;
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

    public async Task<Answer> ExecuteAsync(string op, string key, string?[] input, CancellationToken cancellation)
    {
        if (op == "cas")
        {
            return await CompareAndSetAsync(key, input[0], input[1]!, cancellation).ConfigureAwait(false);
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

    private async Task<Answer> CompareAndSetAsync(string key, string? expected, string value, CancellationToken cancellation)
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
