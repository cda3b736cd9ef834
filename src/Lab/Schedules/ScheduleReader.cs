using System.Text;
using System.Text.Json;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>Reads a schedule token by token, so that whatever is wrong with it is told with its line.</summary>
internal ref struct ScheduleReader
{
    /// <summary>More is a mistake: a run of an hour with a fault each second has as many.</summary>
    private const int MaxFaults = 4_000;

    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(1);

    private static readonly string[] Fields = ["kind", "target", "start", "length", "amount"];

    private readonly byte[] bytes;
    private readonly string path;
    private readonly IReadOnlyList<string> nodes;
    private Utf8JsonReader json;

    public ScheduleReader(string text, string path, IReadOnlyList<string> nodes)
    {
        bytes = Encoding.UTF8.GetBytes(text);
        (this.path, this.nodes) = (path, nodes);
        json = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    /// <exception cref="FormatException">It is no schedule of these nodes.</exception>
    public List<PlannedFault> Read()
    {
        try
        {
            Expect(JsonTokenType.StartObject, "a schedule is an object: {\"faults\":[...]}");
            List<PlannedFault>? faults = null;
            while (Next() == JsonTokenType.PropertyName)
            {
                if (Words() is var part and not "faults")
                {
                    throw Wrong($"'{part}' is not a part of a schedule; it has \"faults\" only");
                }

                Expect(JsonTokenType.StartArray, "\"faults\" is a list: [{\"kind\":\"kill\",\"target\":\"one\",\"start\":\"3s\",\"length\":\"2s\"}]");
                faults ??= [];
                while (Next() != JsonTokenType.EndArray)
                {
                    faults.Add(ReadFault());
                    if (faults.Count > MaxFaults)
                    {
                        throw Wrong($"a schedule has {MaxFaults} faults at most");
                    }
                }
            }

            if (json.Read())
            {
                throw Wrong("something stands after the schedule");
            }

            return faults ?? throw Wrong("a schedule needs its faults: {\"faults\":[]}");
        }
        catch (JsonException broken)
        {
            throw new FormatException($"{path}, line {(broken.LineNumber ?? 0) + 1}: not JSON: {broken.Message.Split(" LineNumber")[0]}");
        }
    }

    private PlannedFault ReadFault()
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw Wrong("a fault is an object with kind, target, start and length");
        }

        FaultType? kind = null;
        string? target = null, amount = null;
        TimeSpan? start = null, length = null;
        while (Next() == JsonTokenType.PropertyName)
        {
            var field = Words();
            Next();
            switch (field)
            {
                case "kind":
                    kind = ScheduleNames.Find(Text(field)) ?? throw Wrong($"there is no fault '{Text(field)}'; the kinds are {string.Join(", ", ScheduleNames.AllKinds)}");
                    break;
                case "target":
                    target = Target(Text(field));
                    break;
                case "start":
                    start = Time(field);
                    break;
                case "length":
                    length = Time(field);
                    break;
                case "amount":
                    amount = json.TokenType == JsonTokenType.Number ? Number() : Text(field);
                    break;
                default:
                    throw Wrong($"'{field}' is not a part of a fault; the parts are {string.Join(", ", Fields)}");
            }
        }

        var fault = new PlannedFault(
            kind ?? throw Wrong("a fault needs its kind: \"kind\":\"kill\""),
            target ?? FaultRole.One,
            start ?? throw Wrong("a fault needs its start: \"start\":\"3s\""),
            length ?? throw Wrong("a fault needs its length: \"length\":\"2s\""),
            amount);
        try
        {
            FaultAmount.Check(fault);
            FaultRole.Check(fault);
        }
        catch (FormatException wrong)
        {
            throw Wrong(wrong.Message);
        }

        return fault.Start <= MaxTime && fault.Length <= MaxTime ? fault
            : throw Wrong($"{ScheduleNames.Of(fault.Kind)} at {ScheduleNames.Of(fault.Start)} for {ScheduleNames.Of(fault.Length)}: a schedule lasts a day at most");
    }

    private readonly string Target(string target)
    {
        if (FaultRole.Known.Contains(target) || target.StartsWith(FaultRole.Singleton, StringComparison.Ordinal))
        {
            return target;
        }

        foreach (var name in target.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!nodes.Contains(name))
            {
                throw Wrong($"there is no node '{name}'; a target is one of {string.Join(", ", FaultRole.Known)}, {FaultRole.Singleton}NAME, or nodes of {string.Join(", ", nodes)}");
            }
        }

        return target;
    }

    private readonly string Text(string field) => json.TokenType == JsonTokenType.String ? Words() : throw Wrong($"'{field}' is a text");

    private readonly string Words()
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("half of a surrogate pair is no text");
        }
    }

    /// <summary>As it stands there: what it means, its reader says.</summary>
    private readonly string Number() => Encoding.UTF8.GetString(json.ValueSpan);

    /// <summary>With its unit; a bare number is seconds.</summary>
    private readonly TimeSpan Time(string field)
    {
        var text = json.TokenType == JsonTokenType.Number ? Number() + "s" : Text(field);
        return FaultAmount.ParseTime(text) ?? throw Wrong($"'{text}' is no time for '{field}': write 3s, 250ms or 2m, from 0 up");
    }

    private void Expect(JsonTokenType type, string otherwise)
    {
        if (Next() != type)
        {
            throw Wrong(otherwise);
        }
    }

    private JsonTokenType Next() => json.Read() ? json.TokenType : throw Wrong("the schedule ends in the middle");

    private readonly FormatException Wrong(string what)
    {
        var line = 1 + bytes.AsSpan(0, (int)Math.Min(json.TokenStartIndex, bytes.Length)).Count((byte)'\n');
        return new FormatException($"{path}, line {line}: {what}");
    }
}
