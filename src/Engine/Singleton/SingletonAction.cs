using Cluster.Shared.Ids;

namespace Cluster.Engine.Singleton;

/// <summary>What a <see cref="SingletonCore"/> wants done.</summary>
internal abstract record SingletonAction;

/// <summary>Start it under this epoch; it may act while the lease holds.</summary>
internal sealed record StartSingleton(ulong Epoch, SingletonLease Lease) : SingletonAction;

/// <summary>Stop it, and say when it has stopped.</summary>
internal sealed record StopSingleton : SingletonAction
{
    public static readonly StopSingleton Instance = new();
}

/// <summary>Ask the node that had it under epoch <paramref name="From"/> to give it up for <paramref name="Epoch"/>.</summary>
internal sealed record AskHandOver(NodeId Node, ulong Epoch, ulong From) : SingletonAction;
