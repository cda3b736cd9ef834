using System.Diagnostics.Metrics;

namespace Cluster.Engine.Remoting;

/// <summary>
/// What a transport's links moved and dropped, as <c>System.Diagnostics.Metrics</c> counters of the meter <see cref="MeterName"/>, tagged with peer and lane.
/// They are read from the links when someone collects, so that a frame costs nothing for them.
/// </summary>
public sealed class RemotingMetrics : IDisposable
{
    public const string MeterName = "Cluster.Engine.Remoting";

    private readonly Meter meter = new(MeterName);
    private readonly ITransport transport;

    public RemotingMetrics(ITransport transport)
    {
        this.transport = transport;
        Counter("cluster.remoting.frames_sent", "{frame}", "Frames written to the peer.", link => link.FramesSent);
        Counter("cluster.remoting.frames_received", "{frame}", "Frames received from the peer.", link => link.FramesReceived);
        Counter("cluster.remoting.bytes_sent", "By", "Bytes of frames written to the peer.", link => link.BytesSent);
        Counter("cluster.remoting.bytes_received", "By", "Bytes of frames received from the peer.", link => link.BytesReceived);
        Counter("cluster.remoting.reconnects", "{connection}", "Times the link came up again.", link => Math.Max(0, link.Connects - 1));
        meter.CreateObservableCounter("cluster.remoting.frames_dropped", Dropped, "{frame}", "Frames not sent or not delivered, by reason.");
        meter.CreateObservableGauge("cluster.remoting.pending_bytes", () => transport.Links.Select(link => Measured(link.PendingBytes, link)), "By", "Bytes waiting to be written.");
    }

    public void Dispose() => meter.Dispose();

    private static Measurement<long> Measured(long value, LinkStatus link, params ReadOnlySpan<KeyValuePair<string, object?>> more) =>
        new(value, [new("peer", link.Peer?.Name.ToString() ?? link.Address.ToString()), new("lane", link.Lane.ToString()), .. more]);

    private void Counter(string name, string unit, string description, Func<LinkStatus, long> value) =>
        meter.CreateObservableCounter(name, () => transport.Links.Select(link => Measured(value(link), link)), unit, description);

    private IEnumerable<Measurement<long>> Dropped() =>
        transport.Links.SelectMany(link => link.Dropped.Select(dropped => Measured(dropped.Value, link, new KeyValuePair<string, object?>("reason", dropped.Key.ToString()))));
}
