using System.Globalization;
using System.Text.Json;
using Cluster.Modes.Storage;

namespace Cluster.Modes.MultiMaster;

/// <content>What clients read here: this replica's state, and nobody else's.</content>
internal sealed partial class MultiMasterCore
{
    /// <summary>What stands at the key.</summary>
    /// <param name="type">Null: as the key is.</param>
    /// <param name="token">What the reader has seen so far; its next one is no earlier.</param>
    /// <param name="value">Its value null where there is nothing.</param>
    /// <returns>Why it cannot be said; null where it can.</returns>
    public string? Read(string key, ObjectType? type, HybridTimestamp? token, out StoredValue value)
    {
        value = new StoredValue(key, null, null);
        if (WhyUnclear(key, type) is { } why)
        {
            return why;
        }

        var visible = VisibleTypes(key);
        if (visible.Count == 0)
        {
            value = value with { Token = token?.ToString() };
            return null;
        }

        value = Show(Find(new ObjectId(key, type ?? visible[0])), token);
        return null;
    }

    /// <summary>Keys in order that begin with a prefix.</summary>
    public StoredKeys Scan(string prefix, string? after, int limit)
    {
        var found = new List<StoredValue>();
        foreach (var (id, stored) in objects)
        {
            if (id.Key.StartsWith(prefix, StringComparison.Ordinal) && (after is null || string.CompareOrdinal(id.Key, after) > 0) && IsVisible(stored.Object) && found.LastOrDefault()?.Key != id.Key)
            {
                if (found.Count == limit)
                {
                    return new StoredKeys(found, true);
                }

                found.Add(Show(stored.Object, null));
            }
        }

        return new StoredKeys(found, false);
    }

    /// <summary>What this replica has of the key, also what is deleted: <c>lww n1.3f:5,n2.0a:7</c>. Null: nothing.</summary>
    public string? Versions(string key) => string.Join("; ", Types.Where(type => objects.ContainsKey(new ObjectId(key, type))).Select(type => $"{Words(type)} {Find(new ObjectId(key, type)).Versions}")) is { Length: > 0 } text ? text : null;

    /// <summary>The name of a type, as the argument has it.</summary>
    public static string Words(ObjectType type) => type switch
    {
        ObjectType.LastWriterWins => "lww",
        ObjectType.Siblings => "siblings",
        ObjectType.Counter => "counter",
        ObjectType.Set => "set",
        _ => "map",
    };

    /// <summary>The type of that name.</summary>
    public static ObjectType? TypeOf(string? words) => words is null ? null : Types.First(type => Words(type) == words);

    /// <summary>Why it is not clear which object is meant, or that the key is of another type; null where there is one, or none yet.</summary>
    private string? WhyUnclear(string key, ObjectType? type)
    {
        var visible = VisibleTypes(key);
        var (all, isWrong) = (string.Join(" and ", visible.Select(Words)), type is { } asked && visible.Count > 0 && !visible.Contains(asked));
        return isWrong ? $"{key} is {all} and no {Words(type!.Value)}"
            : type is null && visible.Count > 1 ? $"{key} is {all}, made on two sides of a partition: say type={Words(visible[0])} or type={Words(visible[1])}, and delete what is not to be"
            : null;
    }

    private IReadOnlyList<ObjectType> VisibleTypes(string key) => [.. Types.Where(type => IsVisible(new ObjectId(key, type)))];

    private bool IsVisible(ObjectId id) => TryFind(id, out var found) && IsVisible(found);

    /// <summary>Whether anything is left of it but its versions.</summary>
    private static bool IsVisible(ReplicatedObject state) => state.Type switch
    {
        ObjectType.Counter => true,
        ObjectType.LastWriterWins => state.Entries.Any(entry => entry.Value is not null),
        _ => state.Entries.Count > 0,
    };

    private static StoredValue Show(ReplicatedObject state, HybridTimestamp? token)
    {
        foreach (var entry in state.Entries)
        {
            token = token is { } seen && seen >= entry.Stamp ? seen : entry.Stamp;
        }

        return new StoredValue(state.Key, ValueOf(state), state.Versions.ToString())
        {
            Token = token?.ToString(),
            Siblings = state.Type == ObjectType.Siblings ? [.. state.Entries.Select(entry => entry.Value!)] : null,
        };
    }

    private static string? ValueOf(ReplicatedObject state) => state.Type switch
    {
        ObjectType.Counter => state.Counts!.Aggregate(Int128.Zero, (sum, count) => sum + count.Up - count.Down).ToString(CultureInfo.InvariantCulture),
        ObjectType.Set => JsonSerializer.Serialize([.. state.Entries.Select(entry => entry.Field).Distinct(StringComparer.Ordinal)], MultiMasterJson.Default.StringArray),
        ObjectType.Map => JsonSerializer.Serialize(Fields(state), MultiMasterJson.Default.SortedDictionaryStringString),
        _ => Latest(state.Entries)?.Value,
    };

    private static SortedDictionary<string, string> Fields(ReplicatedObject state) => new(
        state.Entries.GroupBy(entry => entry.Field, StringComparer.Ordinal).ToDictionary(field => field.Key, field => Latest(field)!.Value!, StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static DottedEntry? Latest(IEnumerable<DottedEntry> entries) => entries.Aggregate((DottedEntry?)null, (latest, entry) => latest is null || ObjectMerge.IsLater(entry, latest) ? entry : latest);
}
