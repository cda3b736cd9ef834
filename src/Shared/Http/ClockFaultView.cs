namespace Cluster.Shared.Http;

/// <summary>
/// How a node's clock is wrong: what <c>PUT /admin/clock</c> takes (it replaces what was set; <c>{}</c> heals) and <c>GET /admin/clock</c> answers.
/// </summary>
/// <param name="SkewMs">How far the wall clock is ahead (behind, if negative), in milliseconds, at most an hour either way. It jumps when it is set.</param>
/// <param name="Rate">How fast both clocks run, 0.5 to 2; 1 is right. From then on the wall clock drifts.</param>
public sealed record ClockFaultView(long SkewMs = 0, double Rate = 1)
{
    public static readonly ClockFaultView None = new();
}
