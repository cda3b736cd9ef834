using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Persistence;

/// <summary>The way from a node's persistent actors to its journal, and the codec of their events.</summary>
internal sealed class JournalAccess(IActorRef journal, IMessageCodec codec)
{
    /// <exception cref="InvalidOperationException">The node has no journal.</exception>
    public static JournalAccess Of(IActorSystem system) => (system as ActorSystem)?.Journal
        ?? throw new InvalidOperationException("this actor system has no journal: persistent actors run on a node");

    public void Tell(object message) => journal.Tell(message);

    /// <exception cref="ArgumentException">The registry does not know the type, or it is too large.</exception>
    public byte[] Encode(object happened) => codec.TryEncode(happened, out var encoded, out var error)
        ? new JournalRecord { Type = encoded.Type, Version = encoded.Version, Payload = UnsafeByteOperations.UnsafeWrap(encoded.Payload) }.ToByteArray()
        : throw new ArgumentException($"{happened.GetType().Name} cannot be persisted: {error}", nameof(happened));

    /// <exception cref="InvalidDataException">No reader of this build knows it.</exception>
    public object Decode(string persistenceId, ulong sequence, byte[] record)
    {
        var read = JournalRecord.Parser.ParseFrom(record);
        return codec.TryDecode(new EncodedMessage(read.Type, read.Version, read.Payload.Memory), out var happened, out var error)
            ? happened
            : throw new InvalidDataException($"event {sequence} of '{persistenceId}' in the node's journal is a '{read.Type}' version {read.Version}: {error}");
    }
}
