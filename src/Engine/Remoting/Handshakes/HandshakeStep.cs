namespace Cluster.Engine.Remoting.Handshakes;

/// <summary>The three frames of a handshake, told apart by the flags byte so that a peer that mirrors what it gets is noticed.</summary>
internal enum HandshakeStep : byte
{
    /// <summary>The dialler says who it is.</summary>
    Hello = 1,

    /// <summary>The acceptor says who it is, and whether the dialler is welcome.</summary>
    Reply = 2,

    /// <summary>The dialler says whether the acceptor is welcome; only then is the link up on the acceptor's side.</summary>
    Verdict = 3,
}
