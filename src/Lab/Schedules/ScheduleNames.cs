using System.Globalization;
using System.Text.Json.Serialization;
using Cluster.Shared.Scenarios;

namespace Cluster.Lab.Schedules;

/// <summary>Words of a schedule as they stand in files and histories.</summary>
public static class ScheduleNames
{
    private static readonly Dictionary<string, FaultType> Kinds = typeof(FaultType).GetFields()
        .Where(field => field.IsLiteral)
        .ToDictionary(field => ((JsonStringEnumMemberNameAttribute)field.GetCustomAttributes(typeof(JsonStringEnumMemberNameAttribute), false)[0]).Name, field => (FaultType)field.GetRawConstantValue()!);

    private static readonly Dictionary<FaultType, string> Names = Kinds.ToDictionary(kind => kind.Value, kind => kind.Key);

    public static IReadOnlyCollection<string> AllKinds => Kinds.Keys;

    public static string Of(FaultType kind) => Names[kind];

    public static FaultType? Find(string name) => Kinds.TryGetValue(name, out var kind) ? kind : null;

    /// <summary>As <see cref="Faults.Quantity"/> reads it: <c>3s</c>, <c>2.5s</c>, <c>250ms</c>.</summary>
    public static string Of(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s");
}
