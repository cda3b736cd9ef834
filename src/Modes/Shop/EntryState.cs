using System.Text.Json.Serialization;

namespace Cluster.Modes.Shop;

/// <summary>What became of an order in one ledger. The first four are a saga's words, the last three those of two-phase commit.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EntryState>))]
public enum EntryState
{
    /// <summary>Done, and seen by everybody at once; it may be given back.</summary>
    [JsonStringEnumMemberName("taken")]
    Taken,

    /// <summary>Done, and for good.</summary>
    [JsonStringEnumMemberName("settled")]
    Settled,

    /// <summary>Compensated; also where there was nothing to compensate yet, so that a step that comes late finds it and does nothing.</summary>
    [JsonStringEnumMemberName("given-back")]
    GivenBack,

    /// <summary>Not done, for good: it may be asked again and again, the answer stays.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>Promised: the participant has voted yes, holds the amount and the ledger's lock, and may neither commit nor abort by itself.</summary>
    [JsonStringEnumMemberName("prepared")]
    Prepared,

    [JsonStringEnumMemberName("committed")]
    Committed,

    /// <summary>Voted no, or told to abort; also before it was ever asked to prepare, so that a request to prepare that comes late is voted down.</summary>
    [JsonStringEnumMemberName("aborted")]
    Aborted,
}
