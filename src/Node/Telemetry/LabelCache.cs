using System.Globalization;
using System.Text;

namespace Cluster.Node.Telemetry;

/// <summary>A label set as Prometheus writes it. The last few sets of each thread are kept: the hot paths measure with the same few over and over.</summary>
internal static class LabelCache
{
    private const int Kept = 16;

    [ThreadStatic]
    private static (string Name, object? Value, string Text)[]? recent;

    public static string TextOf(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (labels.Length != 1)
        {
            return Format(labels);
        }

        var (name, value) = labels[0];
        recent ??= new (string, object?, string)[Kept];
        ref var slot = ref recent[(uint)HashCode.Combine(name, value) % Kept];
        if (!ReferenceEquals(slot.Name, name) || !Equals(slot.Value, value))
        {
            slot = (name, value, Format(labels));
        }

        return slot.Text;
    }

    private static string Format(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            text.Append(text.Length > 0 ? "," : "").Append(PrometheusName.Label(name)).Append("=\"");
            PrometheusName.AppendEscaped(text, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            text.Append('"');
        }

        return text.ToString();
    }
}
