using Cluster.Shared.Wire;

namespace Cluster.Engine.Remoting;

/// <summary>What membership knows and a handshake needs: who is not welcome although the built-in checks accept it, and whose name is free again.</summary>
public interface IHandshakePolicy
{
    /// <summary>Why the speaker of <paramref name="hello"/> is not welcome, or null when it is. Called from any thread; must not block.</summary>
    string? Judge(Hello hello);

    /// <summary>
    /// Whether <paramref name="known"/> may still keep others from its name. False for one that is down, removed, or never became a member: a node with another
    /// uid may then introduce itself under that name, and the control plane decides whether it joins. Called from any thread, under a lock; must not block.
    /// </summary>
    bool HoldsItsName(PeerIdentity known);
}
