namespace Cluster.Engine.Port;

/// <summary>A watched actor is gone. All messages that it sent to the watcher before have been delivered or lost.</summary>
/// <param name="ExistenceConfirmed">False if no such actor was found.</param>
/// <param name="AddressTerminated">True if its whole node was declared gone.</param>
public sealed record Terminated(IActorRef Actor, bool ExistenceConfirmed, bool AddressTerminated) : IRuntimeMessage;
