namespace Cluster.Lab.Resp;

/// <summary>The server answered what is not RESP2, or over a bound. The connection cannot be used any more.</summary>
public sealed class RespProtocolException(string message) : Exception(message);
