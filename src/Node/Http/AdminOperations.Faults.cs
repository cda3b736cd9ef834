using System.Text.Json.Serialization.Metadata;
using Cluster.Engine.Clocks;
using Cluster.Shared.Http;

namespace Cluster.Node.Http;

/// <content>Faults inside this process: its disk and its clock.</content>
internal sealed partial class AdminOperations
{
    private IEnumerable<ApiOperation> OwnFaults =>
    [
        .. Fault("/admin/disk", "What this node's disk does wrong.", "Replaces what this node's disk does wrong; {} heals.", NodeJson.Default.DiskFaultView, () => status.DiskFaults, status.SetDiskFaults, Wrong),
        .. Fault("/admin/clock", "How this node's clock is wrong.", "Replaces how this node's clock is wrong; {} heals.", NodeJson.Default.ClockFaultView, () => status.ClockFaults, status.SetClockFaults, Wrong),
    ];

    /// <summary>One fault that can be looked at and replaced.</summary>
    private static IEnumerable<ApiOperation> Fault<T>(string route, string shows, string replaces, JsonTypeInfo<T> type, Func<T> get, Action<T> set, Func<T, string?> wrong)
        where T : class =>
    [
        new("GET", route, "admin", shows, request => request.WriteJsonAsync(get(), type))
        {
            Answer = typeof(T),
            IsAdmin = true,
        },
        new("PUT", route, "admin", replaces, async request =>
        {
            var fault = await request.ReadJsonAsync(type).ConfigureAwait(false);
            if (wrong(fault) is { } why)
            {
                throw ApiException.BadRequest(why);
            }

            set(fault);
            await request.WriteJsonAsync(get(), type).ConfigureAwait(false);
        })
        {
            Body = typeof(T),
            Answer = typeof(T),
            IsAdmin = true,
        },
    ];

    private static string? Wrong(DiskFaultView fault) => fault switch
    {
        { LatencyMs: < 0 or > MaxDelayMs } or { WriteLatencyMs: < 0 or > MaxDelayMs } or { JitterMs: < 0 or > MaxDelayMs } => $"latencyMs, writeLatencyMs and jitterMs are from 0 to {MaxDelayMs}",
        { JitterMs: > 0, LatencyMs: 0, WriteLatencyMs: 0 } => "jitterMs is added to a latency: give latencyMs or writeLatencyMs",
        { Torn: true, LoseUnsynced: false } => "torn tears what loseUnsynced holds back: give both",
        _ => null,
    };

    private static string? Wrong(ClockFaultView fault)
    {
        var most = (long)SkewedTime.SkewMax.TotalMilliseconds;
        return fault.SkewMs < -most || fault.SkewMs > most ? $"skewMs is from -{most} to {most}: an hour either way"
            : fault.Rate is >= SkewedTime.RateMin and <= SkewedTime.RateMax ? null
            : FormattableString.Invariant($"rate is from {SkewedTime.RateMin} to {SkewedTime.RateMax}; 1 is right");
    }
}
