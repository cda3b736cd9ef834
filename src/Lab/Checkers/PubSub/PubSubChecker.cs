using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.PubSub;

/// <summary>
/// Publish-subscribe by what its clients heard. At most once: no subscription hears a message twice, of a group one member hears it; what one node publishes is heard in its order; nobody
/// hears what nobody published, what does not match, or what was published after the end of the subscription was confirmed. And where nothing was broken, subscriptions that have settled hear everything.
/// </summary>
public sealed class PubSubChecker : IChecker
{
    public string Name => "pub-sub";

    public bool Understands(Operation operation) => PubSubHistory.Understands(operation);

    public CheckResult Check(History history)
    {
        if (PubSubHistory.Read(history, out var unreadable) is not { } read)
        {
            return new CheckResult(Name, Verdict.Unknown, unreadable, []);
        }

        var evidence = new Evidence();
        var broken = DeliveryRules.Judge(read, evidence);
        var share = new DeliveryShare(read, new QuietTimes(history), evidence);
        var deliveries = read.Subscriptions.Sum(subscription => (long)subscription.Heard.Count);
        var summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{read.Publications.Count} messages, {read.Subscriptions.Count} subscriptions, {deliveries} deliveries, {broken} wrong; {share}{FanOutCost.Of(read.Publications)}");
        return evidence.Conclude(Name, summary, broken > 0 || share.DueHeard < share.Due, deliveries == 0 ? "nobody heard anything" : null);
    }
}
