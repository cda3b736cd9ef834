using System.Net;

namespace Cluster.Lab.Http;

/// <summary>A node answered, and the answer was no. The message is the node's own.</summary>
public sealed class NodeRefusedException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status => status;
}
