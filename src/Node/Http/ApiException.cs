using Cluster.Shared.Results;

namespace Cluster.Node.Http;

/// <summary>Ends a request with a status and an <see cref="Cluster.Shared.Http.ErrorView"/>. For requests that are wrong; what the store says is a result, not an exception.</summary>
internal sealed class ApiException(int status, string error, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Error { get; } = error;

    public static ApiException BadRequest(string message) => new(StatusCodes.Status400BadRequest, nameof(ErrorCode.BadRequest), message);
}
