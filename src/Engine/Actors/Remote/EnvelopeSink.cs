using Cluster.Engine.Port;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Actors.Remote;

/// <summary>Encodes what leaves an actor system. References inside messages go out as full paths. What cannot be encoded is refused, with the reason.</summary>
public sealed class EnvelopeSink(IMessageCodec codec, ActorAddress local, IEnvelopeLink link) : IRemoteSink
{
    public bool TrySend(ActorAddress address, string to, string? from, object message, out string? refusal)
    {
        var outer = ActorRefJsonConverter.Use(local, resolve: null);
        try
        {
            if (!codec.TryEncode(message, out var encoded, out refusal))
            {
                return false;
            }

            var envelope = new ActorEnvelope
            {
                To = to,
                From = from ?? "",
                Type = encoded.Type,
                Version = encoded.Version,
                Payload = UnsafeByteOperations.UnsafeWrap(encoded.Payload),
            };
            return link.TrySend(address, envelope, out refusal);
        }
        finally
        {
            ActorRefJsonConverter.Restore(outer);
        }
    }
}
