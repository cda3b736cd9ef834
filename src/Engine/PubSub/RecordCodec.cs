using System.Diagnostics.CodeAnalysis;
using Cluster.Engine.Actors;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;

namespace Cluster.Engine.PubSub;

/// <summary>Writes and reads records for one actor system: references inside them go out as full paths, and come in as references of this node.</summary>
internal sealed class RecordCodec(IMessageCodec codec, ActorSystem system) : IMessageCodec
{
    private readonly Func<string, IActorRef> resolve = system.Resolve;

    public bool TryEncode(object message, out EncodedMessage encoded, [NotNullWhen(false)] out string? error)
    {
        var outer = ActorRefJsonConverter.Use(system.Address, resolve: null);
        try
        {
            return codec.TryEncode(message, out encoded, out error);
        }
        finally
        {
            ActorRefJsonConverter.Restore(outer);
        }
    }

    public bool TryDecode(in EncodedMessage encoded, [NotNullWhen(true)] out object? message, [NotNullWhen(false)] out string? error)
    {
        var outer = ActorRefJsonConverter.Use(system.Address, resolve);
        try
        {
            return codec.TryDecode(encoded, out message, out error);
        }
        finally
        {
            ActorRefJsonConverter.Restore(outer);
        }
    }
}
