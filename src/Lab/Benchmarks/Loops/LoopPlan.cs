using System.Net;
using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Lab.Benchmarks.Loops;

/// <summary>What one event loop shall do. It keeps <paramref name="Depth"/> requests at most under way on each connection.</summary>
/// <param name="Endpoints">One connection to each entry: a server stands here once for every connection to it.</param>
/// <param name="Greeting">Sent on every new connection before anything else; its replies are awaited.</param>
/// <param name="GreetingReplies">How many replies that has.</param>
/// <param name="Schedule">When requests fall due; null for a closed loop, in which the next ones are due when all of the last are answered.</param>
/// <param name="WarmUp">Requests sent so long after the start are not counted.</param>
/// <param name="Measured">Requests due in this time after the warm-up are counted.</param>
/// <param name="Quota">Most requests sent in all; the loop ends when they are answered.</param>
internal sealed record LoopPlan(
    IReadOnlyList<IPEndPoint> Endpoints,
    int Depth,
    RequestEncoder Encoder,
    IKeyChooser Keys,
    ulong Seed,
    ReadOnlyMemory<byte> Greeting,
    int GreetingReplies,
    PacingSchedule? Schedule,
    TimeSpan WarmUp,
    TimeSpan Measured,
    long Quota = long.MaxValue);
