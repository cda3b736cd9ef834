using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Cluster.Lab.Histories;
using Cluster.Lab.Http;
using Cluster.Lab.Resp;
using Cluster.Shared.Files;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads.Sessions;

/// <summary>
/// One client's connection to one real node at a time, over RESP, and HTTP for the compare-and-set that Redis has no command for. Says of each operation what may be
/// concluded from its answer: failed only where it certainly had no effect, else unknown.
/// </summary>
internal sealed partial class NodeSession(IReadOnlyList<ClusterFileNode> nodes, int first, WorkloadOptions options, TimeProvider time) : IClientSession
{
    /// <summary>One request meets as many ending nodes at most: more is not a coincidence.</summary>
    private const int MostAgain = 8;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, NodeApi> apis = [];
    private int current = first % nodes.Count;
    private RespClient? client;
    private ReadConsistency agreed;
    private bool movingOn;
    private string? steeredTo;
    private long sentAgain;

    public long SentAgain => Volatile.Read(ref sentAgain);

    public string Asked => Node.Name;

    private ClusterFileNode Node => nodes[current];

    public void MoveOn() => movingOn = true;

    public void Steer(string node) => Volatile.Write(ref steeredTo, node);

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

        using var timeout = new CancellationTokenSource(ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            client = await RespClient.ConnectAsync(Node, either.Token).ConfigureAwait(false);
            agreed = ReadConsistency.Linearizable;
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            Next();
            return false;
        }
    }

    public async Task<StoreAnswer> ReadAsync(string key, ReadConsistency consistency)
    {
        var (told, reply) = await AskAsync(Reading(consistency, "GET", key), Outcome.Fail).ConfigureAwait(false);
        return reply is null ? told : reply.IsError ? StoreAnswer.Fail : StoreAnswer.Ok(reply.Text);
    }

    public async Task<StoreValues> ReadManyAsync(IReadOnlyList<string> keys, ReadConsistency consistency)
    {
        var (_, reply) = await AskAsync(Reading(consistency, ["MGET", .. keys]), Outcome.Fail).ConfigureAwait(false);
        return reply is { Items: { } items } ? new StoreValues(Outcome.Ok, [.. items.Select(item => item.Text)]) : StoreValues.Fail;
    }

    public Task<StoreAnswer> WriteAsync(string key, string value) => ChangeAsync(withOutput: false, "SET", key, value);

    public Task<StoreAnswer> DeleteAsync(string key) => ChangeAsync(withOutput: false, "DEL", key);

    public Task<StoreAnswer> AppendAsync(string key, string end) => ChangeAsync(withOutput: false, "APPEND", key, end);

    public Task<StoreAnswer> IncrementAsync(string key, long delta) => ChangeAsync(withOutput: true, "INCRBY", key, delta.ToString(CultureInfo.InvariantCulture));

    public Task<StoreAnswer> CompareAndSetAsync(string key, string? expected, string value) => CompareAndSetAsync(key, expected, value, again: 0);

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

    private async Task<StoreAnswer> ChangeAsync(bool withOutput, params string[] command)
    {
        var (told, reply) = await AskAsync(connection => connection.SendAsync(CancellationToken.None, command), Outcome.Info).ConfigureAwait(false);
        return reply is null ? told
            : !reply.IsError ? StoreAnswer.Ok(withOutput ? reply.Text : null)
            : Refusals.HadNoEffect(reply) ? StoreAnswer.Fail : StoreAnswer.Info;
    }

    /// <summary>A command whose reads see what was asked for: the connection is told first, where it does not know yet.</summary>
    private Func<RespClient, Task<RespValue>> Reading(ReadConsistency consistency, params string[] command) => async connection =>
    {
        var told = AgreeAsync(connection, consistency);
        var reply = connection.SendAsync(CancellationToken.None, command);
        return await told.ConfigureAwait(false) ?? await reply.ConfigureAwait(false);
    };

    /// <summary>Sends at once what the connection is to be told, if anything; what the server has against it, in which case reads stay as they were.</summary>
    private async Task<RespValue?> AgreeAsync(RespClient connection, ReadConsistency consistency)
    {
        if (agreed == consistency)
        {
            return null;
        }

        var reply = await connection.SendAsync(CancellationToken.None, "CLIENT", "CONSISTENCY", consistency.ToString()).ConfigureAwait(false);
        if (reply.IsError)
        {
            return reply;
        }

        agreed = consistency;
        return null;
    }

    /// <summary>The reply; or none, and what may be concluded from that.</summary>
    /// <param name="ifLost">What is known of a request that was sent and not answered.</param>
    private async Task<(StoreAnswer Told, RespValue? Reply)> AskAsync(Func<RespClient, Task<RespValue>> ask, Outcome ifLost)
    {
        for (var again = 0; ; again++)
        {
            if (client is null && !await TryConnectAsync(CancellationToken.None).ConfigureAwait(false))
            {
                return (StoreAnswer.Fail, null);
            }

            try
            {
                return (default, await ask(client!).WaitAsync(options.OperationTimeout, time).ConfigureAwait(false));
            }
            catch (IOException) when (MaySendAgain(again))
            {
                await ConnectElsewhereAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or TimeoutException)
            {
                MoveOn();
                return (new StoreAnswer(ifLost), null);
            }
        }
    }

    private async Task<StoreAnswer> CompareAndSetAsync(string key, string? expected, string value, int again)
    {
        try
        {
            // Another value stood there: certain to have had no effect. As in Jepsen that is a failure, not an answer.
            return await Api().CompareAndSetAsync(key, expected, value, CancellationToken.None).ConfigureAwait(false) ? StoreAnswer.Ok("true") : StoreAnswer.Conflict;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or NodeRefusedException { Status: HttpStatusCode.ServiceUnavailable } && MaySendAgain(again))
        {
            await ConnectElsewhereAsync().ConfigureAwait(false);
            return await CompareAndSetAsync(key, expected, value, again + 1).ConfigureAwait(false);
        }
        catch (NodeRefusedException e)
        {
            return e.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadRequest ? StoreAnswer.Fail : StoreAnswer.Info;
        }
        catch (Exception e) when (NodeApi.IsNoAnswer(e))
        {
            MoveOn();
            return StoreAnswer.Info;
        }
    }

    private bool MaySendAgain(int again) => options.EndsInOrder(Node.Name) && again < MostAgain;

    private async Task ConnectElsewhereAsync()
    {
        MoveOn();
        Interlocked.Increment(ref sentAgain);
        for (var tries = 0; !await TryConnectAsync(CancellationToken.None).ConfigureAwait(false) && tries < nodes.Count;)
        {
            tries++; // Each try is at the next node.
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
}
