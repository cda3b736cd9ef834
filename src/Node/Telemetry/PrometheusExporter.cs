using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Cluster.Node.Options;

namespace Cluster.Node.Telemetry;

/// <summary>
/// Listens to the node's own meters (Cluster.*) and the runtime's, and writes them as Prometheus text when asked. Bounded: an instrument has at most
/// <see cref="InstrumentSeries.MaxSeries"/> label sets; what comes after those is counted together, under <c>overflow="true"</c>.
/// </summary>
internal sealed class PrometheusExporter : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> instruments = new();
    private readonly Lock scrape = new();

    /// <param name="node">The node whose meters these are: others in the same process (tests) mark theirs by <see cref="Meter.Scope"/>.</param>
    public PrometheusExporter(NodeOptions node)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            var meter = instrument.Meter;
            if ((meter.Scope is null || ReferenceEquals(meter.Scope, node)) && (meter.Name.StartsWith("Cluster.", StringComparison.Ordinal) || meter.Name == "System.Runtime"))
            {
                self.EnableMeasurementEvents(instrument, instruments.GetOrAdd(instrument, static added => new InstrumentSeries(added)));
            }
        };
        listener.MeasurementsCompleted = (instrument, _) => instruments.TryRemove(instrument, out var _);
        listener.SetMeasurementEventCallback<long>(static (_, value, labels, series) => ((InstrumentSeries)series!).Record(value, labels));
        listener.SetMeasurementEventCallback<int>(static (_, value, labels, series) => ((InstrumentSeries)series!).Record(value, labels));
        listener.SetMeasurementEventCallback<short>(static (_, value, labels, series) => ((InstrumentSeries)series!).Record(value, labels));
        listener.SetMeasurementEventCallback<byte>(static (_, value, labels, series) => ((InstrumentSeries)series!).Record(value, labels));
        listener.SetMeasurementEventCallback<double>(static (_, value, labels, series) => ((InstrumentSeries)series!).Record(value, labels));
        listener.SetMeasurementEventCallback<float>(static (_, value, labels, series) => ((InstrumentSeries)series!).Record(value, labels));
        listener.SetMeasurementEventCallback<decimal>(static (_, value, labels, series) => ((InstrumentSeries)series!).Record((double)value, labels));
        listener.Start();
    }

    /// <summary>All there is at this moment. Asks observable instruments first; one that throws costs its own figures only.</summary>
    public string Write()
    {
        lock (scrape)
        {
            try
            {
                listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // The others have reported; the one that failed shows its last figures.
            }

            var text = new StringBuilder();
            var written = new HashSet<string>(StringComparer.Ordinal);
            foreach (var series in instruments.Values.OrderBy(series => series.Name, StringComparer.Ordinal))
            {
                // Two meters may have an instrument of one name: a name may have one TYPE line only.
                series.Write(text, withHeader: written.Add(series.Name));
            }

            return text.ToString();
        }
    }

    public void Dispose() => listener.Dispose();
}
