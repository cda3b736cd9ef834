using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cluster.Lab.Histories;

/// <summary>Writes <c>history.jsonl</c>, a line an operation or fault, from any number of clients at once. A line is written whole or not at all.</summary>
public sealed class HistoryWriter : IHistorySink, IDisposable
{
    // The file is read by people and by jq, never put into a web page: values stay as they are.
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock gate = new();
    private readonly Stream stream;
    private readonly ArrayBufferWriter<byte> line = new(256);
    private readonly Utf8JsonWriter json;
    private long count;

    public HistoryWriter(Stream stream)
    {
        this.stream = stream;
        json = new Utf8JsonWriter(line, Format);
    }

    /// <summary>Operations written so far.</summary>
    public long Count => Volatile.Read(ref count);

    public static HistoryWriter Create(string path) => new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 64 * 1024));

    public void Write(Operation operation)
    {
        lock (gate)
        {
            json.WriteStartObject();
            json.WriteNumber("process", operation.Process);
            json.WriteString("op", operation.Op);
            json.WriteString("key", operation.Key);
            json.WriteStartArray("input");
            foreach (var value in operation.Input)
            {
                WriteValue(value);
            }

            json.WriteEndArray();
            json.WriteNumber("call", operation.Call);
            json.WriteNumber("return", operation.Return);
            json.WriteString("outcome", operation.Outcome switch { Outcome.Ok => "ok", Outcome.Fail => "fail", _ => "info" });
            json.WritePropertyName("output");
            WriteValue(operation.Output);
            if (operation.Node is { } node)
            {
                json.WriteString("node", node);
            }

            json.WriteEndObject();
            EndLine();
            count++;
        }
    }

    public void Write(FaultEvent fault)
    {
        lock (gate)
        {
            json.WriteStartObject();
            json.WriteString("fault", fault.Fault);
            json.WriteString("target", fault.Target);
            json.WriteNumber("at", fault.At);
            if (fault.Ends is { } ends)
            {
                json.WriteString("ends", ends);
            }

            json.WriteEndObject();
            EndLine();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            json.Dispose();
            stream.Dispose();
        }
    }

    /// <summary>
    /// Whole numbers, truth values, lists and objects go out as such, so that other tools need no parsing; they come back as the same text.
    /// </summary>
    private void WriteValue(string? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case "true" or "false":
                json.WriteBooleanValue(value == "true");
                break;
            case ['[', ..] or ['{', ..] when IsJson(value):
                json.WriteRawValue(value, skipInputValidation: true);
                break;
            default:
                if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && number.ToString(CultureInfo.InvariantCulture) == value)
                {
                    json.WriteNumberValue(number);
                }
                else
                {
                    json.WriteStringValue(value);
                }

                break;
        }
    }

    /// <summary>On one line, as the format wants it.</summary>
    private static bool IsJson(string value)
    {
        if (value.AsSpan().ContainsAny('\r', '\n'))
        {
            return false;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(value));
        try
        {
            return reader.Read() && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void EndLine()
    {
        json.Flush();
        line.GetSpan(1)[0] = (byte)'\n';
        line.Advance(1);
        stream.Write(line.WrittenSpan);
        line.ResetWrittenCount();
        json.Reset();
    }
}
