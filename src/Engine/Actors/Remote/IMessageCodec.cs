using System.Diagnostics.CodeAnalysis;

namespace Cluster.Engine.Actors.Remote;

/// <summary>Turns messages into bytes under a stable type id and version, and back. Neither way throws for what it is given.</summary>
public interface IMessageCodec
{
    bool TryEncode(object message, out EncodedMessage encoded, [NotNullWhen(false)] out string? error);

    bool TryDecode(in EncodedMessage encoded, [NotNullWhen(true)] out object? message, [NotNullWhen(false)] out string? error);
}
