using System.Globalization;
using System.Text;
using Cluster.Node.Options;
using Cluster.Node.Security;
using Cluster.Shared.Results;

namespace Cluster.Node.Http;

/// <summary>
/// Who may do what over HTTP: health is for all; where the node has a client token, everything else asks for it; admin operations ask for the admin token, which
/// opens the rest too. Tokens are never logged.
/// </summary>
internal sealed class HttpGate(NodeOptions options, FailedAuthentications failures)
{
    private const string Scheme = "Bearer ";

    private readonly Secret? client = options.ClientToken is { } token ? new Secret(token) : null;
    private readonly Secret? admin = options is { Lab: true, AdminToken: { } token } ? new Secret(token) : null;

    private enum Caller
    {
        Nobody,
        Wrong,
        Client,
        Admin,
    }

    /// <summary>Without the admin token there are no admin operations.</summary>
    public bool HasAdmin => admin is not null;

    /// <exception cref="ApiException">401: no token, or a wrong one. 403: the client token where the admin token is needed. 429: wrong too often.</exception>
    public void Check(HttpContext context, ApiOperation operation)
    {
        if (operation.IsOpen || (client is null && !operation.IsAdmin))
        {
            return;
        }

        var address = context.Connection.RemoteIpAddress?.ToString() ?? "?";
        if (failures.WaitOf(address) is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            throw new ApiException(StatusCodes.Status429TooManyRequests, nameof(ErrorCode.Overloaded), "too many wrong tokens from this address: try again later, with the right one");
        }

        var caller = Judge(context.Request.Headers.Authorization.ToString());
        if (caller == Caller.Wrong)
        {
            failures.Count(address);
        }

        if (caller is Caller.Nobody or Caller.Wrong)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            throw new ApiException(
                StatusCodes.Status401Unauthorized,
                nameof(ErrorCode.Forbidden),
                $"this needs the {(operation.IsAdmin ? "admin" : "client")} token: Authorization: Bearer TOKEN{(caller == Caller.Wrong ? " (the one given is wrong)" : "")}");
        }

        if (operation.IsAdmin && caller != Caller.Admin)
        {
            throw new ApiException(StatusCodes.Status403Forbidden, nameof(ErrorCode.Forbidden), "this needs the admin token; the one given is for clients");
        }
    }

    private Caller Judge(string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return authorization.Length == 0 ? Caller.Nobody : Caller.Wrong;
        }

        var given = Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim());
        return admin?.Is(given) == true ? Caller.Admin : client?.Is(given) == true ? Caller.Client : Caller.Wrong;
    }
}
