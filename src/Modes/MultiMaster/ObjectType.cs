using System.Text.Json.Serialization;

namespace Cluster.Modes.MultiMaster;

/// <summary>What a key holds, which says how two replicas' states of it are merged. The names are those of the argument <c>type</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ObjectType>))]
public enum ObjectType
{
    /// <summary>A register: of two values the later one stays, by a hybrid logical clock. What was written side by side is lost but for one (Shapiro et al. 2011, section 3.2.1).</summary>
    [JsonStringEnumMemberName("lww")]
    LastWriterWins,

    /// <summary>A multi-value register: what was written side by side is kept side by side until a write that has seen it (Shapiro et al. 2011, section 3.2.2; Dynamo's siblings).</summary>
    [JsonStringEnumMemberName("siblings")]
    Siblings,

    /// <summary>A PN-counter: counted up and down anywhere, nothing of it lost (Shapiro et al. 2011, section 3.1).</summary>
    [JsonStringEnumMemberName("counter")]
    Counter,

    /// <summary>An OR-set: an element that is added and removed side by side is in it. Without tombstones (Bieniusa et al. 2012).</summary>
    [JsonStringEnumMemberName("set")]
    Set,

    /// <summary>An OR-map of registers: fields come and go as elements of an OR-set do, and of values written side by side the later one is read.</summary>
    [JsonStringEnumMemberName("map")]
    Map,
}
