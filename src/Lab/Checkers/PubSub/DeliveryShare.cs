using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.PubSub;

/// <summary>
/// How many of the messages were heard by those who were to hear them: counted for each subscription that stood before, and still stood a while after, and whose client then asked for everything;
/// for a group, once for the group. A message is <b>due</b> where that subscription had settled, being older than <see cref="SettledAfter"/>, and nothing was broken then: due messages must all be heard.
/// </summary>
internal sealed class DeliveryShare
{
    /// <summary>After its confirmation a subscription is known at every node, and a message that was sent has come: gossip and frames take milliseconds, comparing what was lost a second.</summary>
    public static readonly TimeSpan SettledAfter = TimeSpan.FromSeconds(2);

    private static readonly long Settling = SettledAfter.Ticks * TimeSpan.NanosecondsPerTick;

    private readonly QuietTimes quiet;
    private readonly Evidence evidence;
    private readonly HashSet<(Subscription, Publication)> heard = [];

    public DeliveryShare(PubSubHistory read, QuietTimes quiet, Evidence evidence)
    {
        (this.quiet, this.evidence) = (quiet, evidence);
        heard.UnionWith(read.Subscriptions.SelectMany(subscription => subscription.Heard.Values.Select(message => (subscription, read.Find(message)!)).Where(pair => pair.Item2 is not null)));
        foreach (var topic in read.Publications.Where(message => message.Operation.Outcome == Outcome.Ok).GroupBy(message => message.Topic))
        {
            var covering = read.Subscriptions.Where(subscription => subscription.Match.Covers(topic.Key)).ToList();
            var alone = covering.FindAll(subscription => subscription.Group is null);
            var groups = covering.Where(subscription => subscription.Group is not null).GroupBy(subscription => subscription.Group).Select(group => group.ToList()).ToList();
            foreach (var message in topic)
            {
                if (message.ToGroups)
                {
                    groups.ForEach(members => CountGroup(message, members));
                }
                else
                {
                    alone.ForEach(subscription => CountOne(message, subscription));
                }
            }
        }
    }

    /// <summary>Pairs of a message and who was to hear it.</summary>
    public long Awaited { get; private set; }

    public long Heard { get; private set; }

    /// <summary>Of them, those that nothing excuses.</summary>
    public long Due { get; private set; }

    public long DueHeard { get; private set; }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Heard} of {Awaited} deliveries arrived ({Percent(Heard, Awaited)}), {DueHeard} of {Due} ({Percent(DueHeard, Due)}) where nothing was broken and the subscription had settled");

    private static string Percent(long part, long whole) => whole == 0 ? "none" : (Math.Floor(part * 10_000.0 / whole) / 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    private void CountOne(Publication message, Subscription subscription)
    {
        var (call, settled) = (message.Operation.Call, Later(message.Operation.Return));
        if (subscription.StoodFrom(call, settled) && subscription.WasReadAfter(settled))
        {
            Count(message, subscription.Made.Return, !subscription.HasGap, heard.Contains((subscription, message)), subscription.ToString());
        }
    }

    /// <summary>Judged only where every member that the message may have gone to was asked: one that nobody asks any more may have it.</summary>
    private void CountGroup(Publication message, List<Subscription> members)
    {
        var (call, settled) = (message.Operation.Call, Later(message.Operation.Return));
        var possible = members.FindAll(member => member.MayHaveStood(call - Settling, settled));
        if (possible.TrueForAll(member => (member.Ended is null || member.Ended.Call > settled) && member.WasReadAfter(settled)) && possible.FindAll(member => member.StoodFrom(call, settled)) is { Count: > 0 } standing)
        {
            Count(message, standing.Min(member => member.Made.Return), !possible.Exists(member => member.HasGap), possible.Exists(member => heard.Contains((member, message))), $"no member of group {standing[0].Group}, as {standing[0]},");
        }
    }

    private void Count(Publication message, long subscribed, bool isKept, bool wasHeard, string who)
    {
        Awaited++;
        Heard += wasHeard ? 1 : 0;
        var (call, settled) = (message.Operation.Call, Later(message.Operation.Return));
        if (isKept && subscribed <= call - Settling && quiet.IsQuiet(call, settled))
        {
            Due++;
            DueHeard += wasHeard ? 1 : 0;
            if (!wasHeard)
            {
                evidence.Add($"{who} never heard {message}, though nothing was broken then and it had subscribed by {Instant.Of(subscribed)}");
            }
        }
    }

    private static long Later(long instant) => instant + Math.Min(Settling, long.MaxValue - instant);
}
