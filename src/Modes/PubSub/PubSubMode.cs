using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.PubSub;

/// <summary>Publish-subscribe without a broker: the engine's topics, asked by clients that come and go.</summary>
public static class PubSubMode
{
    public const string Slug = "pub-sub";

    public static Mode Mode { get; } = new(
        Slug,
        "messaging",
        "Topics, patterns and groups over the whole cluster without a broker: at most once, in order for each publishing node, nothing after an unsubscription; who is too slow is cut off and not waited for.",
        PubSubLab.Scenario)
    {
        Parts = new ModeParts
        {
            Operations = PubSubOperations.All,
            Door = static node => Props.Create(() => new SubscriptionsActor(node)),
        },
    };
}
