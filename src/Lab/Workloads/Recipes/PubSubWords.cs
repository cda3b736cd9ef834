using System.Globalization;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>What a subscription has heard, as the history tells it: the number of its last message on the first line, then a line for each that was given, <c>NUMBER TOPIC MESSAGE</c>.</summary>
internal static class PubSubWords
{
    public static string Heard(long last, IEnumerable<(long Number, string Topic, string Message)> messages) => string.Join(
        '\n',
        messages.Select(message => string.Create(CultureInfo.InvariantCulture, $"{message.Number} {message.Topic} {message.Message}")).Prepend(last.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Null where it is no such text.</summary>
    public static (long Last, IReadOnlyList<(long Number, string Topic, string Message)> Messages)? Read(string? text)
    {
        if (text?.Split('\n') is not [var first, .. var lines] || Number(first) is not { } last)
        {
            return null;
        }

        var messages = new List<(long, string, string)>(lines.Length);
        foreach (var line in lines)
        {
            if (line.Split(' ', 3) is not [var number, var topic, var message] || Number(number) is not { } at)
            {
                return null;
            }

            messages.Add((at, topic, message));
        }

        return (last, messages);
    }

    /// <summary>The number of the last message that was given; null where none was.</summary>
    public static long? Newest(string text) => Read(text) is { Messages: [.., var newest] } ? newest.Number : null;

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
