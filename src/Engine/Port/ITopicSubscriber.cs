namespace Cluster.Engine.Port;

/// <summary>Hears messages on topics. A subscriber that cannot keep up is its own business: it drops, or ends, and never makes others wait.</summary>
public interface ITopicSubscriber
{
    /// <summary>Takes one message: one at a time on its node, in the order of publication for each publishing node. Must return at once, and not throw.</summary>
    void Deliver(TopicDelivery delivery);
}
