using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Flaws;
using Cluster.Engine.Port;

namespace Cluster.Modes.Hosting;

/// <summary>What a mode brings to every node: entity types, messages between nodes, an actor that serves its operations, and the flaws of its broken variants.</summary>
public sealed record ModeParts
{
    /// <summary>A mode that the engine itself is.</summary>
    public static readonly ModeParts None = new();

    /// <summary>Held by the shards. Names begin with the slug.</summary>
    public IReadOnlyList<EntityType> Entities { get; init; } = [];

    /// <summary>Names the records that its actors send from node to node; ids begin with the slug.</summary>
    public Action<MessageRegistry> Messages { get; init; } = static _ => { };

    /// <summary>What clients may ask of it.</summary>
    public IReadOnlyList<ModeOperation> Operations { get; init; } = [];

    /// <summary>
    /// Makes the actor that serves the operations on one node, started with the node. It is told <see cref="ModeRequest"/>s and answers each sender with one
    /// <see cref="ModeAnswer"/>, at once or later. Null for a mode without operations.
    /// </summary>
    public Func<IModeNode, Props>? Door { get; init; }

    /// <summary>Bugs that a node can be started with, besides the engine's own.</summary>
    public IReadOnlyList<PlantedFlaw> Flaws { get; init; } = [];
}
