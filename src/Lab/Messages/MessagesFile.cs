using System.Globalization;
using System.Text.Json;

namespace Cluster.Lab.Messages;

/// <summary>Writes and reads <c>messages.jsonl</c>, a line a message, in order of their sending. A line that is no message is refused with its number.</summary>
public static class MessagesFile
{
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<RecordedMessage> messages)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 64 * 1024);
        foreach (var message in messages)
        {
            JsonSerializer.Serialize(stream, message, MessageJson.Default.RecordedMessage);
            stream.WriteByte((byte)'\n');
        }
    }

    /// <exception cref="FormatException">A line is not a message; the text names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<RecordedMessage> Read(string path)
    {
        var messages = new List<RecordedMessage>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                messages.Add(Parse(line, number));
            }
        }

        return messages;
    }

    private static RecordedMessage Parse(string line, int number)
    {
        try
        {
            if (JsonSerializer.Deserialize(line, MessageJson.Default.RecordedMessage) is { From: not null, To: not null, Kind: not null, Keys: not null, Text: not null } message)
            {
                return message;
            }
        }
        catch (JsonException broken)
        {
            throw Refused(number, broken.Message);
        }

        throw Refused(number, "from, to, kind, keys and text must be there");
    }

    private static FormatException Refused(int number, string why) => new($"line {number.ToString(CultureInfo.InvariantCulture)} is not a message: {why}");
}
