using System.Text.Json.Serialization;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;

namespace Cluster.Engine.Singleton;

/// <summary>To the manager of the node that had it under epoch <paramref name="From"/>: this node has it under <paramref name="Epoch"/>; stop it and say so.</summary>
internal sealed record HandOver(string Name, ulong Epoch, ulong From);

/// <summary>It does not run here any more, under no epoch below <paramref name="Epoch"/>.</summary>
/// <param name="Clean">Whether this node had made sure that nobody acted before itself.</param>
internal sealed record HandedOver(string Name, ulong Epoch, bool Clean);

/// <summary>To a manager: answer when the singleton runs on your node.</summary>
internal sealed record Locate(string Name);

/// <summary>Here it runs.</summary>
internal sealed record Located(string Name, ulong Epoch, IActorRef Singleton);

/// <summary>What managers and proxies say to each other across nodes.</summary>
internal static class SingletonMessages
{
    public static void Register(MessageRegistry messages) => messages
        .Register("singleton.hand-over", 1, SingletonJson.Default.HandOver)
        .Register("singleton.handed-over", 1, SingletonJson.Default.HandedOver)
        .Register("singleton.locate", 1, SingletonJson.Default.Locate)
        .Register("singleton.located", 1, SingletonJson.Default.Located);
}

[JsonSerializable(typeof(HandOver))]
[JsonSerializable(typeof(HandedOver))]
[JsonSerializable(typeof(Locate))]
[JsonSerializable(typeof(Located))]
internal sealed partial class SingletonJson : JsonSerializerContext;
