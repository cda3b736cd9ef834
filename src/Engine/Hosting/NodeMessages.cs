using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Singleton;

namespace Cluster.Engine.Hosting;

/// <summary>The actors' messages that travel between nodes: the engine's own, and those of whoever builds on it.</summary>
public static class NodeMessages
{
    /// <summary>A new list, for one life of one node.</summary>
    /// <exception cref="ArgumentException">A type, or its id with its version, is registered twice.</exception>
    public static MessageRegistry Registry(EngineOptions options)
    {
        var messages = new MessageRegistry();
        SingletonMessages.Register(messages);
        options.Messages(messages);
        return messages;
    }
}
