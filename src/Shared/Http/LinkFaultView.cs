namespace Cluster.Shared.Http;

/// <summary>
/// A fault on the link from the addressed node to <paramref name="To"/>, one way: what <c>PUT /admin/links</c> takes (the whole list replaces the old one; an
/// empty list heals).
/// </summary>
/// <param name="To">The other node's name.</param>
/// <param name="Cut">Drop everything, and let no new connection through.</param>
/// <param name="DelayMs">Added delay, in milliseconds, 0 to 60,000.</param>
/// <param name="JitterMs">Random part added to the delay, in milliseconds, 0 to 60,000. More jitter than spacing reorders.</param>
/// <param name="LossPercent">Share of messages dropped, 0 to 100.</param>
/// <param name="DuplicatePercent">Share of messages sent twice, 0 to 100.</param>
/// <param name="ReorderPercent">Share of messages held back behind later ones, 0 to 100.</param>
/// <param name="BytesPerSecond">Throttle; 0 for none.</param>
public sealed record LinkFaultView(
    string To,
    bool Cut = false,
    int DelayMs = 0,
    int JitterMs = 0,
    double LossPercent = 0,
    double DuplicatePercent = 0,
    double ReorderPercent = 0,
    long BytesPerSecond = 0);
