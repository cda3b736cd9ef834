using System.Text.Json;

namespace Cluster.Lab.Workloads.Recipes;

/// <summary>Several values in one value of the store, each followed by a blank, so that APPEND adds one. Values have no blank in them.</summary>
internal static class Elements
{
    private const char End = ' ';

    public static string Of(string value) => value + End;

    public static string[] Split(string? stored) => stored?.Split(End, StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>As a history tells it: a JSON list.</summary>
    public static string ToJson(string? stored) => JsonSerializer.Serialize(Split(stored), HistoryJson.Default.StringArray);
}
