namespace Cluster.Modes.SharedEverything;

/// <summary>A client has given one id to two different requests: which one it means cannot be known, so neither is carried out again.</summary>
internal sealed class RequestReusedException(string session, string key) : Exception($"the request '{session}' was carried out already, and was another: on key '{key}', or with another operation or value; each request needs an id of its own");
