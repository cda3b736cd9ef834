using System.Buffers;

namespace Cluster.Engine.Remoting;

/// <summary>
/// Takes one frame, on the link's read loop, in order. Must not block. <paramref name="payload"/> is valid during the call only. A handler that throws
/// <see cref="Google.Protobuf.InvalidProtocolBufferException"/> says that the peer speaks garbage: the connection is closed. Any other exception is logged and costs this frame only.
/// </summary>
public delegate void FrameHandler(PeerIdentity from, ReadOnlySequence<byte> payload);
