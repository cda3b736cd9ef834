using Cluster.Engine.Port;

namespace Cluster.Engine.Actors.Mailboxes;

/// <summary>A message on its way, with its sender. A value: a tell allocates nothing beside the message.</summary>
internal readonly record struct Envelope(object Message, IActorRef? Sender);
