using Cluster.Shared.Http;
using Cluster.Shared.Results;

namespace Cluster.Node.Http;

/// <summary>What may break or change the cluster: faults on links, of the disk and the clock, members, this process. Only with <c>--lab</c>, only with the admin token.</summary>
internal sealed partial class AdminOperations(INodeStatus status)
{
    /// <summary>One fault for each other node; a list this long is a mistake.</summary>
    private const int MaxFaults = 256;

    private const int MaxDelayMs = 60_000;

    private static readonly ApiParameter Member = ApiParameter.Path("name", "The member's name.");

    public IReadOnlyList<ApiOperation> All =>
    [
        new("GET", "/admin/links", "admin", "The faults on links from this node.", request =>
            request.WriteJsonAsync(status.LinkFaults, NodeJson.Default.IReadOnlyListLinkFaultView))
        {
            Answer = typeof(IReadOnlyList<LinkFaultView>),
            IsAdmin = true,
        },
        new("PUT", "/admin/links", "admin", "Replaces the faults on links from this node; an empty list heals.", SetLinksAsync)
        {
            Body = typeof(LinkFaultView[]),
            Answer = typeof(IReadOnlyList<LinkFaultView>),
            IsAdmin = true,
        },
        .. OwnFaults,
        Change("/admin/members/{name}/leave", "Lets a member leave in good order.", status.LeaveAsync),
        Change("/admin/members/{name}/down", "Declares a member down.", status.DownAsync),
        new("POST", "/admin/shutdown", "admin", "Stops this node in good order.", request =>
        {
            request.Context.Response.StatusCode = StatusCodes.Status202Accepted;

            // After the answer is out: else the asker would see a cut connection and not know.
            request.Context.Response.OnCompleted(() =>
            {
                status.RequestShutdown();
                return Task.CompletedTask;
            });
            return Task.CompletedTask;
        })
        {
            Success = StatusCodes.Status202Accepted,
            IsAdmin = true,
        },
    ];

    private static ApiOperation Change(string route, string summary, Func<string, CancellationToken, ValueTask<ClusterError?>> change) => new("POST", route, "admin", summary, async request =>
    {
        if (await change(request.RouteValue("name"), request.Aborted).ConfigureAwait(false) is { } error)
        {
            await request.WriteErrorAsync(error).ConfigureAwait(false);
        }
        else
        {
            request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    })
    {
        Parameters = [Member],
        Success = StatusCodes.Status204NoContent,
        Statuses = [(404, "No such member."), (409, "The cluster's state forbids it.")],
        IsAdmin = true,
    };

    private async Task SetLinksAsync(ApiRequest request)
    {
        var faults = await request.ReadJsonAsync(NodeJson.Default.LinkFaultViewArray).ConfigureAwait(false);
        if (faults.Length > MaxFaults)
        {
            throw ApiException.BadRequest($"{faults.Length} faults; at most {MaxFaults}, one for each other node");
        }

        var nodes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var fault in faults)
        {
            if (Wrong(fault) is { } wrong)
            {
                throw ApiException.BadRequest($"fault to '{fault?.To}': {wrong}");
            }

            if (!nodes.Add(fault.To))
            {
                throw ApiException.BadRequest($"two faults to '{fault.To}': give one with both");
            }
        }

        if (status.SetLinkFaults(faults) is { } error)
        {
            await request.WriteErrorAsync(error).ConfigureAwait(false);
        }
        else
        {
            await request.WriteJsonAsync(status.LinkFaults, NodeJson.Default.IReadOnlyListLinkFaultView).ConfigureAwait(false);
        }
    }

    private static string? Wrong(LinkFaultView? fault) => fault switch
    {
        null or { To: null or "" } => "'to' names no node",
        { DelayMs: < 0 or > MaxDelayMs } or { JitterMs: < 0 or > MaxDelayMs } => $"delayMs and jitterMs are from 0 to {MaxDelayMs}",
        { LossPercent: not (>= 0 and <= 100) } or { DuplicatePercent: not (>= 0 and <= 100) } or { ReorderPercent: not (>= 0 and <= 100) } => "percentages are from 0 to 100",
        { BytesPerSecond: < 0 } => "bytesPerSecond is 0 (no throttle) or more",
        _ => null,
    };
}
