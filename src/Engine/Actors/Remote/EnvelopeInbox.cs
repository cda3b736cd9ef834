using System.Buffers;
using Cluster.Engine.Port;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Actors.Remote;

/// <summary>
/// Decodes what comes in from other nodes and hands it to the actor system. Nothing in here throws for bad input: what cannot be read becomes a
/// counted dead letter, and the link lives on.
/// </summary>
public sealed class EnvelopeInbox(ActorSystem system, IMessageCodec codec)
{
    private readonly Func<string, IActorRef> resolve = system.Resolve;

    /// <param name="frame">One <see cref="ActorEnvelope"/>. Not kept.</param>
    public void Deliver(ReadOnlySequence<byte> frame)
    {
        ActorEnvelope envelope;
        try
        {
            envelope = ActorEnvelope.Parser.ParseFrom(frame);
        }
        catch (InvalidProtocolBufferException cause)
        {
            Refuse(new UndecodableMessage("", 0, (int)Math.Min(frame.Length, int.MaxValue), cause.Message), system.DeadLetters);
            return;
        }

        Deliver(envelope);
    }

    public void Deliver(ActorEnvelope envelope)
    {
        var outer = ActorRefJsonConverter.Use(system.Address, resolve);
        try
        {
            var encoded = new EncodedMessage(envelope.Type, envelope.Version, envelope.Payload.Memory);
            if (codec.TryDecode(encoded, out var message, out var error))
            {
                system.DeliverRemote(envelope.To, message, envelope.From);
            }
            else
            {
                var recipient = ActorPath.TryParse(envelope.To, out var to) ? system.Resolve(to) : system.DeadLetters;
                Refuse(new UndecodableMessage(envelope.Type, envelope.Version, envelope.Payload.Length, error), recipient);
            }
        }
        finally
        {
            ActorRefJsonConverter.Restore(outer);
        }
    }

    private void Refuse(UndecodableMessage message, IActorRef recipient) =>
        system.DeadLetters.Tell(new DeadLetter(message, null, recipient, "the message from another node could not be read"));
}
