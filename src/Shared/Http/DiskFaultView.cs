namespace Cluster.Shared.Http;

/// <summary>
/// What a node's disk is told to do wrong: what <c>PUT /admin/disk</c> takes (all of it replaces what was set; <c>{}</c> heals) and <c>GET /admin/disk</c> answers.
/// </summary>
/// <param name="LatencyMs">Each flush waits so long before it happens, in milliseconds, 0 to 60,000.</param>
/// <param name="WriteLatencyMs">Each write waits so long before it happens, in milliseconds, 0 to 60,000.</param>
/// <param name="JitterMs">Random part added to each wait, in milliseconds, 0 to 60,000.</param>
/// <param name="FailFlush">Every flush fails; a node ends itself then, since nothing tells what is on its disk.</param>
/// <param name="FailWrites">Every write writes its first half and then fails.</param>
/// <param name="Full">No write finds room.</param>
/// <param name="LoseUnsynced">What is written stays in memory until it is flushed, so that SIGKILL loses it, as a power loss does.</param>
/// <param name="Torn">Of what is kept in memory a first part reaches the file at once, so that SIGKILL leaves a write half done. Needs <paramref name="LoseUnsynced"/>.</param>
public sealed record DiskFaultView(
    int LatencyMs = 0,
    int WriteLatencyMs = 0,
    int JitterMs = 0,
    bool FailFlush = false,
    bool FailWrites = false,
    bool Full = false,
    bool LoseUnsynced = false,
    bool Torn = false)
{
    public static readonly DiskFaultView None = new();
}
