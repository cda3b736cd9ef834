using Cluster.Shared.Wire;

namespace Cluster.Engine.Remoting;

/// <summary>Lets membership refuse peers that the built-in checks accept, such as removed nodes. Asked in every handshake, after the built-in checks.</summary>
public interface IHandshakePolicy
{
    /// <summary>Why the speaker of <paramref name="hello"/> is not welcome, or null when it is. Called from any thread; must not block.</summary>
    string? Judge(Hello hello);
}
