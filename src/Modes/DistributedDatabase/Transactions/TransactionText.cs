using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Cluster.Modes.Storage;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>
/// A transaction as clients write it, a JSON list of steps: <c>["read",key]</c>, <c>["put",key,value]</c>, <c>["delete",key]</c>, <c>["append",key,value]</c>, <c>["expect",key,value or null]</c>,
/// <c>["scan",prefix,limit]</c>, <c>["find",value,limit]</c>. What is over a bound is refused with words.
/// </summary>
internal static class TransactionText
{
    /// <summary>A transaction holds up whoever meets it: short ones are the only ones that there are.</summary>
    public const int MostSteps = 128;

    /// <summary>Most of one message between nodes that its values may fill.</summary>
    public const int MostBytes = 256 * 1024;

    private const int DefaultLimit = 100;

    public static bool TryRead(string text, out ImmutableArray<Step> steps, [NotNullWhen(false)] out string? wrong)
    {
        steps = [];
        try
        {
            using var document = JsonDocument.Parse(text);
            steps = [.. document.RootElement.EnumerateArray().Select(Read)];
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            wrong = $"these are no steps: {e.Message}; write [[\"read\",\"a\"],[\"put\",\"b\",\"1\"]], with read, put, delete, append, expect, scan and find";
            return false;
        }

        wrong = steps.Length is 0 or > MostSteps ? FormattableString.Invariant($"{steps.Length} steps; a transaction has 1 to {MostSteps}") : null;
        return wrong is null;
    }

    public static string NameOf(StepKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    private static Step Read(JsonElement step)
    {
        if (step.ValueKind != JsonValueKind.Array || step.GetArrayLength() == 0)
        {
            throw new FormatException("a step is a list, its name first");
        }

        var (name, count) = (step[0].GetString(), step.GetArrayLength());
        if (name is null || !Enum.TryParse<StepKind>(name, ignoreCase: true, out var kind) || NameOf(kind) != name)
        {
            throw new FormatException($"'{name}' is no step");
        }

        var (least, most) = kind switch { StepKind.Put or StepKind.Append => (3, 3), StepKind.Expect or StepKind.Scan or StepKind.Find => (2, 3), _ => (2, 2) };
        if (count < least || count > most)
        {
            throw new FormatException(FormattableString.Invariant($"'{name}' with {count - 1} arguments; it takes {(least == most ? "" : $"{least - 1} or ")}{most - 1}"));
        }

        var read = kind switch
        {
            StepKind.Put or StepKind.Append => new Step(kind, Text(step[1], StorageOperations.KeyBytesMax), Text(step[2], StorageOperations.ValueBytesMax)),
            StepKind.Expect => new Step(kind, Text(step[1], StorageOperations.KeyBytesMax), count < 3 || step[2].ValueKind == JsonValueKind.Null ? null : Text(step[2], StorageOperations.ValueBytesMax)),
            StepKind.Scan or StepKind.Find => new Step(kind, Text(step[1], kind == StepKind.Find ? Ranges.RangeDecider.MaxIndexed : StorageOperations.KeyBytesMax), Limit: count < 3 ? DefaultLimit : step[2].GetInt32()),
            _ => new Step(kind, Text(step[1], StorageOperations.KeyBytesMax)),
        };
        return read.Key.Length == 0 && kind != StepKind.Scan ? throw new FormatException($"{name} without a key")
            : read.IsSpan && read.Limit is < 1 or > StorageOperations.ScanMax ? throw new FormatException(FormattableString.Invariant($"a limit of {read.Limit}; 1 to {StorageOperations.ScanMax} are allowed"))
            : read;
    }

    private static string Text(JsonElement element, int most)
    {
        var text = element.GetString() ?? throw new FormatException("null, where only what is expected may be null");
        return Encoding.UTF8.GetByteCount(text) <= most ? text : throw new FormatException(FormattableString.Invariant($"a text of more than {most} bytes"));
    }
}
