using System.Globalization;
using System.Text;
using System.Text.Json;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>Reads a schedule token by token, so that whatever is wrong with it is told with its line.</summary>
internal ref struct ScheduleReader
{
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
            var faults = new List<PlannedFault>();
            while (Next() == JsonTokenType.PropertyName)
            {
                if (json.GetString() != "faults")
                {
                    throw Wrong($"'{json.GetString()}' is not a part of a schedule; it has \"faults\" only");
                }

                Expect(JsonTokenType.StartArray, "\"faults\" is a list: [{\"kind\":\"kill\",\"target\":\"one\",\"start\":\"3s\",\"length\":\"2s\"}]");
                while (Next() != JsonTokenType.EndArray)
                {
                    faults.Add(ReadFault());
                }
            }

            return faults;
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
            var field = json.GetString()!;
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
                    amount = json.TokenType == JsonTokenType.Number ? json.GetDouble().ToString(CultureInfo.InvariantCulture) : Text(field);
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
            return fault;
        }
        catch (FormatException wrong)
        {
            throw Wrong(wrong.Message);
        }
    }

    private readonly string Target(string target)
    {
        if (FaultRole.Known.Contains(target))
        {
            return target;
        }

        foreach (var name in target.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!nodes.Contains(name))
            {
                throw Wrong($"there is no node '{name}'; a target is one of {string.Join(", ", FaultRole.Known)}, or nodes of {string.Join(", ", nodes)}");
            }
        }

        return target;
    }

    private readonly string Text(string field) => json.TokenType == JsonTokenType.String ? json.GetString()! : throw Wrong($"'{field}' is a text");

    /// <summary>With its unit; a bare number is seconds.</summary>
    private readonly TimeSpan Time(string field)
    {
        var text = json.TokenType == JsonTokenType.Number ? json.GetDouble().ToString(CultureInfo.InvariantCulture) + "s" : Text(field);
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
