using System.Text.Json.Serialization;

namespace Cluster.Modes.Federated;

/// <summary>Answers <c>regions</c>: all of it as the asked node's cluster sees it.</summary>
/// <param name="Here">That cluster.</param>
/// <param name="SilentMs">How long ago each other cluster was last heard; null for one that never was.</param>
public sealed record RegionsView(string Here, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyDictionary<string, double?> SilentMs, IReadOnlyList<GroupView> Groups);

/// <summary>One group.</summary>
/// <param name="At">The last write of earlier homes that the present one has: the recovery point of a failover.</param>
/// <param name="Position">The last write in the homes' order that this cluster has.</param>
/// <param name="Tail">Writes here that no later home has seen yet.</param>
/// <param name="Acknowledged">At the home: how far each other cluster is.</param>
/// <param name="Lost">Writes that lost against a later home's, counted here.</param>
/// <param name="Recovered">Writes of a cluster that was lost, taken up again here.</param>
/// <param name="Repairs">Times that a comparison by digest found a difference here.</param>
/// <param name="Epochs">The homes one after the other, the last ones.</param>
public sealed record GroupView(
    string Group,
    string Region,
    string Home,
    long Epoch,
    string At,
    string Position,
    int Keys,
    int Tail,
    string? MovesTo,
    IReadOnlyDictionary<string, string> Acknowledged,
    long Lost,
    long Recovered,
    long Repairs,
    IReadOnlyList<EpochView> Epochs)
{
    public static GroupView Of(GroupStanding standing) => new(
        standing.Group,
        RegionMap.RegionOf(standing.Group),
        standing.Home.Home,
        standing.Home.Number,
        standing.Home.At.ToString(),
        standing.Position.ToString(),
        standing.Keys,
        standing.Tail,
        standing.MovesTo,
        standing.Acknowledged.ToDictionary(follower => follower.Key, follower => follower.Value.ToString()),
        standing.Conflicts,
        standing.Recovered,
        standing.Repairs,
        [.. (standing.Epochs.IsDefault ? [] : standing.Epochs).Select(epoch => new EpochView(epoch.Number, epoch.Home, epoch.At.ToString()))]);
}

public sealed record EpochView(long Number, string Home, string At);

/// <summary>Answers <c>conflicts</c>.</summary>
/// <param name="Total">All that were counted in this cluster.</param>
/// <param name="Newest">Of each group the newest, with the values that lost.</param>
public sealed record ConflictsView(string Here, long Total, IReadOnlyList<LostView> Newest);

public sealed record LostView(string Key, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Value, string Version, string WonBy);

/// <summary>Answers <c>failover</c>, <c>home</c> and <c>failback</c>: how each group stands then.</summary>
/// <param name="To">Where the region's home is to be.</param>
/// <param name="Done">Whether it is there in every group; a planned move goes on by itself.</param>
public sealed record MoveView(string Region, string To, bool Done, IReadOnlyList<GroupView> Groups);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RegionsView))]
[JsonSerializable(typeof(ConflictsView))]
[JsonSerializable(typeof(MoveView))]
internal sealed partial class RegionViewsJson : JsonSerializerContext;
