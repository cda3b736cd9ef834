using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cluster.Lab.Schedules;

/// <summary>
/// <c>faults.json</c>: <c>{"faults":[{"kind":"kill","target":"leader","start":"3s","length":"2s"},...]}</c>. What cannot be carried out as it stands is refused with its
/// line, before anything is broken.
/// </summary>
public static class ScheduleFile
{
    private static readonly JsonWriterOptions Layout = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="nodes">The cluster's nodes: a schedule that names another one is refused.</param>
    /// <exception cref="FormatException">The message names the file, the line and what to write instead.</exception>
    public static FaultSchedule Read(string path, IReadOnlyList<string> nodes) => Parse(File.ReadAllText(path), path, nodes);

    /// <inheritdoc cref="Read"/>
    public static FaultSchedule Parse(string text, string path, IReadOnlyList<string> nodes) =>
        new([.. new ScheduleReader(text, path, nodes).Read().OrderBy(fault => fault.Start)]);

    public static string Text(FaultSchedule schedule)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Layout))
        {
            json.WriteStartObject();
            json.WriteStartArray("faults");
            foreach (var fault in schedule.Faults)
            {
                json.WriteStartObject();
                json.WriteString("kind", ScheduleNames.Of(fault.Kind));
                json.WriteString("target", fault.Target);
                json.WriteString("start", ScheduleNames.Of(fault.Start));
                json.WriteString("length", ScheduleNames.Of(fault.Length));
                if (fault.Amount is { } amount)
                {
                    json.WriteString("amount", amount);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    public static void Write(string path, FaultSchedule schedule) => File.WriteAllText(path, Text(schedule));
}
