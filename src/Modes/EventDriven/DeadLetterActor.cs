using System.Globalization;
using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.EventDriven;

/// <summary>Shows a subscription's dead letters, or sends one again: the event, for this subscription only, and the end of the dead letter are one transaction, so it is never in both places or in none.</summary>
internal sealed class DeadLetterActor(EventDrivenServices services, ModeRequest request, IActorRef client) : LogConversation(services.Log, client)
{
    /// <summary>A compacted partition by offset: what is buried twice lies there once, and what was sent again goes.</summary>
    public static readonly LogSettings Settings = new() { Cleanup = LogCleanup.Compact, RetentionMs = (long)TimeSpan.FromHours(1).TotalMilliseconds };

    private const int FetchBytes = 1024 * 1024;

    /// <summary>Of one answer.</summary>
    private const int MaxShown = 1_000;

    private readonly SortedDictionary<(int Partition, ulong Offset), EventEnvelope> dead = [];
    private readonly string subscription = request.Text("subscription");

    protected override void PreStart()
    {
        if (request.Operation == "redrive")
        {
            Read((int)request.Number("partition"), 0, Redrive);
        }
        else
        {
            ReadAll(0);
        }
    }

    private void ReadAll(int partition)
    {
        if (partition < EventDrivenServices.Partitions)
        {
            Read(partition, 0, () => ReadAll(partition + 1));
            return;
        }

        var shown = dead.Take(MaxShown).Select(letter => new DeadLetterView(letter.Key.Partition, letter.Key.Offset, letter.Value)).ToList();
        Answer(ModeAnswer.Ok(new DeadLettersAnswer(subscription, shown), EventDrivenJson.Default.DeadLettersAnswer));
    }

    /// <param name="forgottenTo">What compaction had forgotten when the first page was read.</param>
    private void Read(int partition, ulong from, Action then, ulong forgottenTo = 0) => Ask(LogSteps.Fetch(EventDrivenServices.Dead(subscription, partition), from, FetchBytes), reply =>
    {
        if (from > 0 && reply.ForgottenTo > Math.Max(from, forgottenTo))
        {
            // The end of a letter that stands in a page before this one may be gone: it would be sent again a second time.
            foreach (var letter in dead.Keys.Where(letter => letter.Partition == partition).ToList())
            {
                dead.Remove(letter);
            }

            Read(partition, 0, then);
            return;
        }

        foreach (var (record, _) in reply.Records(from))
        {
            var place = (partition, ulong.Parse(LogSteps.KeyOf(record)!, CultureInfo.InvariantCulture));
            if (record.HasValue)
            {
                dead[place] = JsonSerializer.Deserialize(record.Value.Span, EventDrivenJson.Default.EventEnvelope)!;
            }
            else
            {
                dead.Remove(place);
            }
        }

        if (reply.NextOffset < reply.End)
        {
            Read(partition, reply.NextOffset, then, from == 0 ? reply.ForgottenTo : forgottenTo);
        }
        else
        {
            then();
        }
    });

    private void Redrive()
    {
        var place = ((int)request.Number("partition"), (ulong)request.Number("offset"));
        if (!dead.TryGetValue(place, out var envelope))
        {
            Answer(ModeAnswer.NotFound($"{subscription} has no dead letter {place.Item2} of partition {place.Item1}"));
            return;
        }

        // First the inbox: a consumer that crashed comes to the old event once more, and would bury it again beside the one that is sent again now.
        Ask<InboxReply>(services.Inboxes, EventDrivenServices.Inbox(subscription, envelope.Key), new LetGo(place.Item2), _ =>
        {
            HasDone($"the inbox of {envelope.Key} does not hold the event as given up any more, and it is still a dead letter: redrive it again");
            SendAgain(place, envelope);
        });
    }

    private void SendAgain((int Partition, ulong Offset) place, EventEnvelope envelope)
    {
        // It is handled from now on: whatever made it fail is taken for mended.
        var again = JsonSerializer.Serialize(envelope with { Only = subscription, Fails = 0 }, EventDrivenJson.Default.EventEnvelope);
        Ask(
            LogSteps.Transaction(
                LogSteps.Append(EventDrivenServices.Events(place.Partition), new LogAppend { Records = { LogSteps.Record(envelope.Key, again) } }),
                LogSteps.Append(EventDrivenServices.Dead(subscription, place.Partition), new LogAppend { Records = { LogSteps.Record(place.Offset.ToString(CultureInfo.InvariantCulture), null) } })),
            reply => Answer(ModeAnswer.Ok(new RedriveAnswer(subscription, place.Partition, place.Offset, reply.Steps[0].Offset), EventDrivenJson.Default.RedriveAnswer)));
    }
}
