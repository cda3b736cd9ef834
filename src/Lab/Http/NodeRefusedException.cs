using System.Net;

namespace Cluster.Lab.Http;

/// <summary>A node answered, and the answer was no. The message is the node's own.</summary>
public sealed class NodeRefusedException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status => status;

    /// <summary>Whether what was asked cannot be understood, or has a value that cannot be: asked again, it is refused again.</summary>
    public bool IsUsage => status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge;
}
