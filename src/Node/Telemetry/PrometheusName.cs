using System.Globalization;
using System.Text;

namespace Cluster.Node.Telemetry;

/// <summary>Names and numbers in Prometheus's text format: <c>a_b_seconds_total</c>; units in full, counters with their suffix.</summary>
internal static class PrometheusName
{
    public static string Of(string name, string? unit, bool isCounter)
    {
        var text = new StringBuilder(Clean(name, colonAllowed: true));
        var suffix = unit switch
        {
            null or "" => "",
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "%" => "_percent",
            _ when unit[0] == '{' => "", // An annotation ({command}) names what is counted, not a unit.
            _ => "_" + Clean(unit, colonAllowed: false),
        };
        if (suffix.Length > 0 && !text.ToString().EndsWith(suffix, StringComparison.Ordinal))
        {
            text.Append(suffix);
        }

        if (isCounter)
        {
            text.Append("_total");
        }

        return text.ToString();
    }

    public static string Label(string name) => Clean(name, colonAllowed: false);

    public static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : double.IsNaN(value) ? "NaN"
        : value.ToString("R", CultureInfo.InvariantCulture);

    public static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(letter),
            };
        }
    }

    private static string Clean(string name, bool colonAllowed)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var letter in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(letter) || letter == '_' || (letter == ':' && colonAllowed) ? letter : '_');
        }

        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
        {
            text.Insert(0, '_');
        }

        return text.ToString();
    }
}
