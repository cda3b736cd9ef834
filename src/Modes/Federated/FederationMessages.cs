using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Cluster.Modes.Federated;

// From cluster to cluster, at most once: whatever is lost is asked again, and what comes twice changes nothing.

/// <summary>Who the home of each group is, as the sender's cluster has it. Told on and on: it is also how clusters notice that another is silent.</summary>
public sealed record HomesTold(ImmutableArray<GroupHomes> Groups);

public sealed record GroupHomes(string Group, ImmutableArray<HomeEpoch> Epochs);

/// <summary>A follower asks the home for what comes after its position, and so says that it has everything up to there.</summary>
/// <param name="Since">See <see cref="StreamCursor"/>.</param>
/// <param name="AskedAt">The asker's own clock, given back to it.</param>
public sealed record Pull(string Group, WriteVersion After, WriteVersion? Since, WriteVersion Position, int Tail, bool Digest, long AskedAt);

/// <summary>Answers <see cref="Pull"/>.</summary>
/// <param name="IsHome">False: ask whoever <paramref name="Epochs"/> names.</param>
public sealed record StreamPart(
    string Group,
    ImmutableArray<HomeEpoch> Epochs,
    bool IsHome,
    WriteVersion After,
    ImmutableArray<StoredRecord> Records,
    WriteVersion UpTo,
    string? Digest,
    ImmutableArray<WriteVersion> Settled,
    bool IsPart,
    WriteVersion? Since,
    long AskedAt);

/// <summary>An earlier home's writes of which the present one has not decided yet, as far as the sender knows.</summary>
public sealed record TailSent(string Group, ImmutableArray<StoredRecord> Records);

/// <summary>A client's request, for the home of its key.</summary>
/// <param name="Id">Of the asking node.</param>
public sealed record Forwarded(long Id, string Group, GroupCommand Command);

/// <summary>Answers <see cref="Forwarded"/>: a reply, a refusal, or why there is none.</summary>
/// <param name="MayHaveTakenEffect">With <paramref name="Why"/>.</param>
public sealed record ForwardedReply(long Id, GroupReply? Reply, string? Refusal = null, string? Why = null, bool MayHaveTakenEffect = false);

// From node to node of one cluster.

/// <summary>What one node of a cluster knows of homes, and has heard from other clusters, for those that were told nothing themselves.</summary>
/// <param name="Groups">In the words of this cluster's own groups.</param>
/// <param name="Told">In the words of other clusters' groups.</param>
public sealed record HomesNews(ImmutableArray<GroupHome> Groups, ImmutableArray<ToldHome> Told, ImmutableSortedDictionary<string, double> HeardMsAgo);

public sealed record GroupHome(string Group, HomeEpoch Home);

/// <summary>What a cluster has said of a group's home.</summary>
public sealed record ToldHome(string Cluster, string Group, HomeEpoch Home);

/// <summary>A read of this cluster's copy, for the node that follows the group's home and so knows how old the copy is.</summary>
public sealed record LocalAsk(string Group, GroupCommand Query);

/// <summary>Answers it.</summary>
/// <param name="AgeMs">Everything that the home had acknowledged so long before the answer is in it; null: not known.</param>
public sealed record LocalAnswer(string Group, GroupReply? Reply, string? Why, double? AgeMs);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HomesTold))]
[JsonSerializable(typeof(Pull))]
[JsonSerializable(typeof(StreamPart))]
[JsonSerializable(typeof(TailSent))]
[JsonSerializable(typeof(Forwarded))]
[JsonSerializable(typeof(ForwardedReply))]
[JsonSerializable(typeof(HomesNews))]
[JsonSerializable(typeof(LocalAsk))]
[JsonSerializable(typeof(LocalAnswer))]
internal sealed partial class FederationJson : JsonSerializerContext;
