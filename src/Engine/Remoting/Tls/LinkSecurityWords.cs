namespace Cluster.Engine.Remoting.Tls;

/// <summary>What both logs say when one side speaks TLS and the other does not: the same words wherever it is noticed.</summary>
internal static class LinkSecurityWords
{
    /// <summary>Said by a node that requires TLS, of a peer without.</summary>
    public const string PeerIsPlain = "it speaks plaintext, and this node requires TLS: start it with --tls-cert, --tls-key and --tls-ca";

    /// <summary>Said by a node without TLS, of a peer with it.</summary>
    public const string PeerIsSecured = "it speaks TLS, and this node plaintext: start this node with --tls-cert, --tls-key and --tls-ca, or that one without";
}
