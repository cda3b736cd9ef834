namespace Cluster.Client.Verbs;

/// <summary>Messages on topics, between all nodes.</summary>
internal sealed class PubSubVerb : Verb
{
    public PubSubVerb()
        : base("pubsub", "Messages on topics: publish, subscribe, and who subscribes")
    {
        Add(new PubSubPublishVerb());
        Add(new PubSubSubscribeVerb());
        Add(new PubSubTopicsVerb());
    }

    public override IReadOnlyList<string> Examples => ["lab pubsub subscribe news", "lab pubsub publish news hello", "lab pubsub topics"];
}
