using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cluster.Lab.Checkers.Transactions;

/// <summary>One step of a transaction: <c>["append", key, value]</c> or <c>["r", key, [values]]</c>.</summary>
/// <param name="Appended">The value of an append; null for a read.</param>
/// <param name="Seen">What a read saw, oldest first; null for an append, and for a read that was not answered.</param>
internal sealed record MicroOperation(string Key, string? Appended, IReadOnlyList<string>? Seen)
{
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool IsRead => Appended is null;

    /// <exception cref="FormatException">It is neither.</exception>
    public static MicroOperation Read(JsonElement step)
    {
        var key = Text(step[1]);
        return Text(step[0]) switch
        {
            "append" => new MicroOperation(key, Text(step[2]), null),
            "r" or "read" => new MicroOperation(key, null, step.GetArrayLength() < 3 || step[2].ValueKind == JsonValueKind.Null ? null : [.. step[2].EnumerateArray().Select(Text)]),
            var other => throw new FormatException($"'{other}' is neither an append nor a read"),
        };
    }

    /// <summary>As a history tells it.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartArray();
            json.WriteStringValue(IsRead ? "r" : "append");
            json.WriteStringValue(Key);
            if (Appended is not null)
            {
                json.WriteStringValue(Appended);
            }
            else if (Seen is null)
            {
                json.WriteNullValue();
            }
            else
            {
                json.WriteStartArray();
                foreach (var value in Seen)
                {
                    json.WriteStringValue(value);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public override string ToString() => IsRead ? $"read {Key} -> {(Seen is null ? "?" : $"[{string.Join(' ', Seen)}]")}" : $"append {Appended} to {Key}";

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
}
