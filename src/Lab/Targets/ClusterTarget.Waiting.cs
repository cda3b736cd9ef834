using Cluster.Lab.Http;

namespace Cluster.Lab.Targets;

/// <content>Waiting for nodes that were started.</content>
public abstract partial class ClusterTarget
{
    /// <summary>How often a starting node is asked whether it is ready.</summary>
    private static readonly TimeSpan ReadyPollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>A starting node may take a connection before it can answer.</summary>
    private static readonly TimeSpan ReadyRequestTimeout = TimeSpan.FromSeconds(2);

    private const int LogLinesShown = 15;

    private const string NoAnswer = "its HTTP port does not answer yet";

    /// <summary>Returns when each of the nodes answers that it is ready.</summary>
    /// <param name="report">Told whenever a node waits for something else than before; null when it is ready.</param>
    /// <exception cref="LabException">A node died (with its last log lines), or the deadline passed (with what it waits for).</exception>
    public Task WaitReadyAsync(IReadOnlyList<string> names, TimeSpan deadline, Action<string, string?> report, CancellationToken cancellation) =>
        WaitAsync(names, reason => reason is null, deadline, report, cancellation);

    /// <summary>Returns when each of the nodes answers at all, ready or not: without a majority it cannot be more.</summary>
    /// <exception cref="LabException">A node died (with its last log lines), or the deadline passed.</exception>
    public Task WaitAliveAsync(IReadOnlyList<string> names, TimeSpan deadline, CancellationToken cancellation) =>
        WaitAsync(names, reason => reason != NoAnswer, deadline, (_, _) => { }, cancellation);

    private async Task WaitAsync(IReadOnlyList<string> names, Func<string?, bool> enough, TimeSpan deadline, Action<string, string?> report, CancellationToken cancellation)
    {
        var start = Time.GetTimestamp();
        var reporting = new Lock();
        await Task.WhenAll(names.Select(WaitOneAsync)).ConfigureAwait(false);

        async Task WaitOneAsync(string name)
        {
            using var api = Api(name, ReadyRequestTimeout);
            string? said = "";
            while (true)
            {
                var reason = await AskAsync(api, cancellation).ConfigureAwait(false);
                if (reason != said)
                {
                    said = reason;
                    lock (reporting)
                    {
                        report(name, reason);
                    }
                }

                if (enough(reason))
                {
                    return;
                }

                if (await StateAsync(name, cancellation).ConfigureAwait(false) == ProcessState.Dead)
                {
                    var last = await LastLogLinesAsync(name, LogLinesShown, cancellation).ConfigureAwait(false);
                    throw new LabException($"{name} ended while starting; the end of {LogOf(name)}:\n{string.Join('\n', last.Select(line => "  " + line))}");
                }

                if (Time.GetElapsedTime(start) > deadline)
                {
                    throw new LabException($"{name} is not ready after {deadline.TotalSeconds:0} s: {reason}; its log is {LogOf(name)}");
                }

                await Task.Delay(ReadyPollInterval, Time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task<string?> AskAsync(NodeApi api, CancellationToken cancellation)
    {
        try
        {
            return await api.GetNotReadyReasonAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (NodeApi.IsNoAnswer(e) && !cancellation.IsCancellationRequested)
        {
            return NoAnswer;
        }
    }
}
