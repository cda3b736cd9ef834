using Cluster.Lab.Histories;
using Cluster.Lab.Http;
using Cluster.Lab.Targets;
using Cluster.Shared.Http;

namespace Cluster.Lab.Messages;

/// <summary>
/// Collects what the nodes of a cluster record of their messages while a run goes on. A node that is dead or paused is passed over; one that was started again
/// records again from the next poll on. What a killed node had not handed out yet is lost: its peers' records stand for it.
/// </summary>
public sealed class MessageCollector(ClusterTarget target, HistoryClock clock, TimeProvider time)
{
    /// <summary>Most records held: about half a gigabyte. Later ones are counted, not kept.</summary>
    public const int MaxRecords = 1_000_000;

    /// <summary>What one request asks for: below what a node gives at most.</summary>
    private const int Batch = 10_000;

    /// <summary>Clocks that differ by more than this are those of two machines: within one, the difference is the time that the request took.</summary>
    private const long SameMachineNanoseconds = 1_000_000_000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, string> names = target.Nodes.ToDictionary(node => node.Remoting, node => node.Name);
    private readonly List<MessageRecordView> records = [];
    private readonly Dictionary<string, ulong> read = [];
    private readonly Dictionary<string, string> refused = [];

    /// <summary>Records that were overwritten before they were read, or that came after <see cref="MaxRecords"/>.</summary>
    public long Missed { get; private set; }

    /// <summary>Nodes that do not let themselves be recorded, with what they said: most likely they were started without <c>--lab</c>.</summary>
    public IReadOnlyDictionary<string, string> Refused => refused;

    /// <summary>Lets every node record until told to stop; then reads what is left and switches the recording off.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await PollAsync(goesOn: true, stop).ConfigureAwait(false);
                await Task.Delay(PollInterval, time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await PollAsync(goesOn: false, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>What has been collected, joined, on the history's clock. Only when <see cref="RunAsync"/> is over.</summary>
    public IReadOnlyList<RecordedMessage> Join() => MessageJoiner.Join(records, clock.Beginning);

    private async Task PollAsync(bool goesOn, CancellationToken cancellation)
    {
        foreach (var name in target.NodeNames)
        {
            if (!await target.MayAnswerAsync(name, cancellation).ConfigureAwait(false))
            {
                continue;
            }

            try
            {
                await PollAsync(name, goesOn, cancellation).ConfigureAwait(false);
                refused.Remove(name);
            }
            catch (NodeRefusedException no)
            {
                refused[name] = no.Message;
            }
            catch (Exception silent) when (NodeApi.IsNoAnswer(silent) && !cancellation.IsCancellationRequested)
            {
                // It died or was paused meanwhile: the next poll goes on where this one was.
            }
        }
    }

    private async Task PollAsync(string name, bool goesOn, CancellationToken cancellation)
    {
        using var api = target.Api(name, RequestTimeout);
        var state = await api.GetRecordingAsync(cancellation).ConfigureAwait(false);
        var late = clock.Beginning + clock.Now - state.Now;
        var shift = Math.Abs(late) > SameMachineNanoseconds ? late : 0;
        if (state.On)
        {
            await ReadAsync(name, api, state, shift, cancellation).ConfigureAwait(false);
        }

        if (goesOn && !state.On)
        {
            read[name] = (await api.SetRecordingAsync(on: true, cancellation).ConfigureAwait(false)).First - 1;
        }
        else if (!goesOn && state.On)
        {
            await api.SetRecordingAsync(on: false, cancellation).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(string name, NodeApi api, RecordingView state, long shift, CancellationToken cancellation)
    {
        var after = read.GetValueOrDefault(name, state.First - 1);
        Missed += (long)(state.First > after ? state.First - after - 1 : 0);
        IReadOnlyList<MessageRecordView> batch;
        do
        {
            batch = await api.GetMessagesAsync(after, Batch, cancellation).ConfigureAwait(false);
            foreach (var record in batch)
            {
                after = record.Sequence;
                Keep(shift == 0 ? record : record with { SentAt = record.SentAt + shift, ReceivedAt = record.ReceivedAt + shift });
            }

            read[name] = after;
        }
        while (batch.Count == Batch && after < state.Last);
    }

    /// <summary>Whoever has just started, and never met its peer, knows it by its address only.</summary>
    private void Keep(MessageRecordView record)
    {
        if (records.Count < MaxRecords)
        {
            records.Add(names.TryGetValue(record.To, out var name) ? record with { To = name } : record);
        }
        else
        {
            Missed++;
        }
    }
}
