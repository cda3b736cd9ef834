using System.Diagnostics.Metrics;
using Cluster.Node.Resp.Table;

namespace Cluster.Node.Resp;

/// <summary>What the RESP door measures, for <c>/metrics</c> and any other listener.</summary>
internal sealed class RespMetrics : IDisposable
{
    public const string MeterName = "Cluster.Node.Resp";

    private readonly Meter meter;
    private readonly Histogram<double> duration;
    private readonly Counter<long> protocolErrors;
    private readonly KeyValuePair<string, object?>[] kinds = [new("kind", "read"), new("kind", "write"), new("kind", "many"), new("kind", "other")];
    private readonly TimeProvider time;

    public RespMetrics(RespServer server)
    {
        time = server.Time;
        meter = new Meter(new MeterOptions(MeterName) { Scope = server.Node });
        duration = meter.CreateHistogram<double>("resp.command.duration", "s", "From a command's start to its written reply; kind: read, write (one key), many (keys), other.");
        protocolErrors = meter.CreateCounter<long>("resp.protocol.errors", description: "Connections closed for bytes that are no RESP.");
        meter.CreateObservableUpDownCounter("resp.connections", () => server.Sessions.Count, description: "Open connections.");
        meter.CreateObservableCounter("resp.connections.accepted", () => server.ConnectionsReceived, description: "Connections accepted since the start.");
        meter.CreateObservableCounter("resp.connections.rejected", () => server.ConnectionsRejected, description: "Connections refused since all places were taken.");
        meter.CreateObservableCounter("resp.commands", () => Calls(server), description: "Commands since the start, by name.");
    }

    public void Finished(in PendingReply reply)
    {
        if (duration.Enabled)
        {
            var kind = reply.Access == KeyAccess.None ? 3 : reply.Access == KeyAccess.All ? 2 : (int)(reply.Access & 1);
            duration.Record(time.GetElapsedTime(reply.StartedAt).TotalSeconds, kinds[kind]);
        }
    }

    public void ProtocolError() => protocolErrors.Add(1);

    public void Dispose() => meter.Dispose();

    private static IEnumerable<Measurement<long>> Calls(RespServer server)
    {
        foreach (var command in CommandTable.Everything)
        {
            if (server.Calls(command) is > 0 and var calls)
            {
                yield return new Measurement<long>(calls, new KeyValuePair<string, object?>("command", command.Name));
            }
        }
    }
}
