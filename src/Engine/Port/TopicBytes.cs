using Google.Protobuf;

namespace Cluster.Engine.Port;

/// <summary>What an actor hears of a message that is no record of its node: published as bytes, by a client.</summary>
public sealed record TopicBytes(ByteString Topic, ByteString Payload);
