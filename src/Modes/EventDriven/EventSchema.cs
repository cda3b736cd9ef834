using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Cluster.Modes.EventDriven;

/// <summary>
/// One version of an event type's shape: <c>amount:number,currency:text=EUR</c>. A newer version may add fields that have a default, and nothing else: so whoever reads by the newer one can read
/// what was written by an older (backward compatible, as schema registries call it).
/// </summary>
internal sealed partial class EventSchema
{
    /// <summary>The number that a handler makes its effect of, where an event has one.</summary>
    public const string Amount = "amount";

    /// <summary>The largest amount either way: the total of as many events as a log ever gives numbers to stays within what a decimal holds.</summary>
    public const decimal MostAmount = 1_000_000_000m;

    private const int MaxFields = 32;

    private static readonly string TooMuch = string.Create(CultureInfo.InvariantCulture, $"'{Amount}' is more than {MostAmount} either way");

    private readonly List<Field> fields = [];

    public static bool TryParse(string text, [NotNullWhen(true)] out EventSchema? schema, [NotNullWhen(false)] out string? why)
    {
        var read = new EventSchema();
        (schema, why) = (null, null);
        foreach (var part in text.Split(','))
        {
            var match = Part().Match(part);
            if (!match.Success)
            {
                why = $"'{part}' is no field: write name:text, name:number or name:flag, with =DEFAULT where it may be left out";
                return false;
            }

            var (name, kind) = (match.Groups[1].Value, match.Groups[2].Value);
            var otherwise = match.Groups[3].Success ? ValueOf(kind, match.Groups[3].Value) : null;
            why = read.fields.Exists(field => field.Name == name) ? $"the field '{name}' stands there twice"
                : match.Groups[3].Success && otherwise is null ? $"the default of '{name}' is no {kind}"
                : kind == "number" && otherwise is not null && IsTooMuch(name, otherwise.GetValue<decimal>()) ? TooMuch
                : read.fields.Count == MaxFields ? $"an event has {MaxFields} fields at most"
                : null;
            if (why is not null)
            {
                return false;
            }

            read.fields.Add(new Field(name, kind, otherwise));
        }

        schema = read;
        return true;
    }

    /// <summary>Why who reads by this version could not read what was written by the one before; null when it can.</summary>
    public string? WhyNotAfter(EventSchema before)
    {
        foreach (var old in before.fields)
        {
            if (fields.Find(field => field.Name == old.Name) is not { } now)
            {
                return $"the field '{old.Name}' is gone";
            }

            if (now.Kind != old.Kind)
            {
                return $"the field '{old.Name}' was {old.Kind} and is {now.Kind}";
            }

            if (old.Default is not null && now.Default is null)
            {
                return $"the field '{old.Name}' could be left out";
            }
        }

        return fields.Find(field => field.Default is null && !before.fields.Exists(old => old.Name == field.Name)) is { } added ? $"the field '{added.Name}' is new and has no default" : null;
    }

    /// <summary>Why this is no event of this version; null when it is one.</summary>
    public string? WhyNot(JsonElement data)
    {
        try
        {
            return data.ValueKind == JsonValueKind.Object ? WhyNotFields(data) : "data is a JSON object";
        }
        catch (InvalidOperationException)
        {
            return "a text in it has half of a surrogate pair"; // JSON can write what no text can be, and what could not be written again.
        }
    }

    private string? WhyNotFields(JsonElement data)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in data.EnumerateObject())
        {
            if (!seen.Add(member.Name))
            {
                return $"the field '{member.Name}' stands there twice"; // Which of the two counts, readers of JSON do not agree on.
            }

            if (fields.Find(field => field.Name == member.Name) is not { } field)
            {
                return $"there is no field '{member.Name}'";
            }

            if (KindOf(member.Value) != field.Kind)
            {
                return $"'{member.Name}' is no {field.Kind}";
            }

            if (field.Kind == "number" && IsTooMuch(member.Name, member.Value.GetDecimal()))
            {
                return TooMuch;
            }
        }

        return fields.Find(field => field.Default is null && !data.TryGetProperty(field.Name, out _)) is { } missing ? $"'{missing.Name}' is missing" : null;
    }

    /// <summary>An event of this version or an older one, as this version has it.</summary>
    public JsonObject Upcast(JsonElement data)
    {
        var full = JsonObject.Create(data)!;
        foreach (var field in fields)
        {
            if (!full.ContainsKey(field.Name))
            {
                full.Add(field.Name, field.Default!.DeepClone());
            }
        }

        return full;
    }

    /// <summary>The amount of an event of this version or an older one, 0 where it has none; false where it cannot be read. <see cref="WhyNot"/> lets no such event through: a log may have one from before it did so.</summary>
    public bool TryReadAmount(JsonElement data, out decimal amount)
    {
        amount = 0;
        try
        {
            if (Upcast(data)[Amount] is { } value && value.GetValueKind() == JsonValueKind.Number)
            {
                amount = value.Deserialize(EventDrivenJson.Default.Decimal);
            }

            return true;
        }
        catch (Exception failed) when (failed is ArgumentException or InvalidOperationException or FormatException or JsonException)
        {
            return false;
        }
    }

    private static bool IsTooMuch(string name, decimal amount) => name == Amount && Math.Abs(amount) > MostAmount;

    private static JsonValue? ValueOf(string kind, string text) => kind switch
    {
        "text" => JsonValue.Create(text),
        "number" => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null,
        _ => bool.TryParse(text, out var flag) ? JsonValue.Create(flag) : null,
    };

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is not null ? "text" : "", // Read, so that it is known to be text.
        JsonValueKind.Number => value.TryGetDecimal(out _) ? "number" : "",
        JsonValueKind.True or JsonValueKind.False => "flag",
        _ => "",
    };

    [GeneratedRegex(@"\A([a-z][A-Za-z0-9]{0,63}):(text|number|flag)(?:=([^,]*))?\z")]
    private static partial Regex Part();

    private sealed record Field(string Name, string Kind, JsonValue? Default);
}
