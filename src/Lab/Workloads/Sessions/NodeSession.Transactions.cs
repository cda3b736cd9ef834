using System.Globalization;
using Cluster.Lab.Resp;
using Cluster.Shared.Wire;

namespace Cluster.Lab.Workloads.Sessions;

/// <summary>
/// WATCH, GET, MULTI, EXEC. Before MULTI is sent nothing can have taken effect, so whatever goes wrong there has failed; from then on EXEC's answer decides, and
/// where it is lost the outcome is unknown.
/// </summary>
internal sealed partial class NodeSession
{
    public async Task<StoreAnswer> TransactAsync(IReadOnlyList<string> keys, Func<IReadOnlyList<string?>, StoreDecision> decide)
    {
        for (var again = 0; ; again++)
        {
            if (client is null && !await TryConnectAsync(CancellationToken.None).ConfigureAwait(false))
            {
                return StoreAnswer.Fail;
            }

            var sent = false;
            try
            {
                var connection = client!;
                if (await WatchAsync(connection, keys).WaitAsync(options.OperationTimeout, time).ConfigureAwait(false) is not { } values)
                {
                    await UnwatchAsync(connection).ConfigureAwait(false);
                    return StoreAnswer.Fail;
                }

                var decision = decide(values);
                if (decision.IsRefusal)
                {
                    await UnwatchAsync(connection).ConfigureAwait(false);
                    return StoreAnswer.Conflict;
                }

                sent = true;
                return await CommitAsync(connection, decision).WaitAsync(options.OperationTimeout, time).ConfigureAwait(false);
            }
            catch (IOException) when (MaySendAgain(again))
            {
                await ConnectElsewhereAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or TimeoutException)
            {
                MoveOn();
                return sent ? StoreAnswer.Info : StoreAnswer.Fail;
            }
        }
    }

    /// <summary>The keys' values, of which EXEC will make sure that they still stand; null if the server refuses.</summary>
    private async Task<IReadOnlyList<string?>?> WatchAsync(RespClient connection, IReadOnlyList<string> keys)
    {
        // A value older than what WATCH noted would pass for unchanged: these reads must not be stale.
        var told = AgreeAsync(connection, ReadConsistency.Linearizable);
        var watched = connection.SendAsync(CancellationToken.None, ["WATCH", .. keys]);
        var read = await connection.SendAsync(CancellationToken.None, ["MGET", .. keys]).ConfigureAwait(false);
        var refused = (await watched.ConfigureAwait(false)).IsError || await told.ConfigureAwait(false) is not null;
        return refused || read.Items is not { } items ? null : [.. items.Select(item => item.Text)];
    }

    /// <summary>The next WATCH is to begin anew; a connection that cannot even do that is not used again.</summary>
    private async Task UnwatchAsync(RespClient connection)
    {
        try
        {
            await connection.SendAsync(CancellationToken.None, "UNWATCH").WaitAsync(options.OperationTimeout, time).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            MoveOn();
        }
    }

    private static async Task<StoreAnswer> CommitAsync(RespClient connection, StoreDecision decision)
    {
        var begun = connection.SendAsync(CancellationToken.None, "MULTI");
        foreach (var write in decision.Writes)
        {
            // Whether it was queued EXEC tells.
            _ = connection.SendAsync(CancellationToken.None, Command(write));
        }

        var done = await connection.SendAsync(CancellationToken.None, "EXEC").ConfigureAwait(false);
        if ((await begun.ConfigureAwait(false)).IsError)
        {
            // What followed was not queued but carried out, each write for itself.
            return StoreAnswer.Info;
        }

        return done.Kind switch
        {
            RespKind.Null => StoreAnswer.Conflict,
            RespKind.Array => done.Items!.Any(item => item.IsError) ? StoreAnswer.Info : StoreAnswer.Ok(decision.Output),
            _ => done.IsError && Refusals.HadNoEffect(done) ? StoreAnswer.Fail : StoreAnswer.Info,
        };
    }

    private static string[] Command(StoreWrite write) => write switch
    {
        { Value: null } => ["DEL", write.Key],
        { Life: { } life } => ["SET", write.Key, write.Value, "PX", ((long)life.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)],
        _ => ["SET", write.Key, write.Value],
    };
}
