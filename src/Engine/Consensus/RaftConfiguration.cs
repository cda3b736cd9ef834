using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Cluster.Shared.Ids;
using Google.Protobuf;
using Wire = Cluster.Shared.Wire;

namespace Cluster.Engine.Consensus;

/// <summary>Who belongs to a group: voters, whose majority decides, and learners, who only receive (thesis 4.1, 4.2.1). Immutable; both lists
/// rise, and no node stands in both.</summary>
public sealed class RaftConfiguration : IEquatable<RaftConfiguration>
{
    /// <summary>Most voters: beyond it each commit costs more than the extra copies are worth.</summary>
    public const int MaxVoters = 15;

    /// <summary>Most learners: every node of a cluster learns the control plane's group.</summary>
    public const int MaxLearners = 1024;

    /// <summary>Of a replica that has not been told its group yet: it neither votes for itself nor campaigns.</summary>
    public static readonly RaftConfiguration Empty = new([], []);

    /// <summary>Whether it names nobody: that of a replica which its group has not spoken to yet.</summary>
    public bool IsEmpty => Voters.IsEmpty && Learners.IsEmpty;

    private RaftConfiguration(ImmutableArray<NodeId> voters, ImmutableArray<NodeId> learners)
    {
        Voters = voters;
        Learners = learners;
    }

    public ImmutableArray<NodeId> Voters { get; }

    public ImmutableArray<NodeId> Learners { get; }

    /// <summary>How many voters decide.</summary>
    public int Majority => (Voters.Length / 2) + 1;

    /// <exception cref="ArgumentException">A node is 0, stands twice, or there are too many.</exception>
    public static RaftConfiguration Of(IEnumerable<NodeId> voters, IEnumerable<NodeId>? learners = null)
    {
        var made = new RaftConfiguration([.. voters.Order()], [.. (learners ?? []).Order()]);
        return made.Fault() is { } fault ? throw new ArgumentException(fault) : made;
    }

    /// <exception cref="ArgumentException">A node is 0, stands twice, or there are too many.</exception>
    public static RaftConfiguration FromWire(Wire.Configuration wire) =>
        Of(wire.Voters.Select(id => new NodeId(id)), wire.Learners.Select(id => new NodeId(id)));

    public bool IsVoter(NodeId node) => Voters.BinarySearch(node) >= 0;

    public bool IsLearner(NodeId node) => Learners.BinarySearch(node) >= 0;

    public bool Contains(NodeId node) => IsVoter(node) || IsLearner(node);

    public Wire.Configuration ToWire()
    {
        var wire = new Wire.Configuration();
        wire.Voters.AddRange(Voters.Select(node => node.Value));
        wire.Learners.AddRange(Learners.Select(node => node.Value));
        return wire;
    }

    public bool Equals(RaftConfiguration? other) =>
        other is not null && Voters.AsSpan().SequenceEqual(other.Voters.AsSpan()) && Learners.AsSpan().SequenceEqual(other.Learners.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as RaftConfiguration);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var voter in Voters)
        {
            hash.Add(voter);
        }

        hash.Add(Learners.Length);
        return hash.ToHashCode();
    }

    public override string ToString() => Learners.IsEmpty ? $"[{string.Join(' ', Voters)}]" : $"[{string.Join(' ', Voters)} + {string.Join(' ', Learners)}]";

    /// <summary>The configuration after that change, or why there is none.</summary>
    internal bool TryApply(ConfigurationChange change, [NotNullWhen(true)] out RaftConfiguration? next, out string reason)
    {
        var node = change.Node;
        (next, reason) = change.Kind switch
        {
            _ when node.IsNone => (null, "node 0 is no member: name a node"),
            ConfigurationChangeKind.AddLearner when Contains(node) => (null, $"{node} is in the group already"),
            ConfigurationChangeKind.AddLearner => (new RaftConfiguration(Voters, Sorted(Learners.Add(node))), string.Empty),
            ConfigurationChangeKind.PromoteLearner when !IsLearner(node) => (null, $"{node} is no learner of the group: add it as one first"),
            ConfigurationChangeKind.PromoteLearner => (new RaftConfiguration(Sorted(Voters.Add(node)), Learners.Remove(node)), string.Empty),
            ConfigurationChangeKind.DemoteVoter when !IsVoter(node) => (null, $"{node} is no voter of the group"),
            ConfigurationChangeKind.DemoteVoter => (new RaftConfiguration(Voters.Remove(node), Sorted(Learners.Add(node))), string.Empty),
            ConfigurationChangeKind.RemoveReplica when !Contains(node) => (null, $"{node} is not in the group"),
            ConfigurationChangeKind.RemoveReplica => (new RaftConfiguration(Voters.Remove(node), Learners.Remove(node)), string.Empty),
            _ => ((RaftConfiguration?)null, $"{change.Kind} is no known change"),
        };
        if (next?.Fault() is { } fault)
        {
            (next, reason) = (null, fault);
        }
        else if (next is { Voters.IsEmpty: true })
        {
            (next, reason) = (null, $"{node} is the last voter: promote another replica first");
        }

        return next is not null;
    }

    /// <summary>Reads what another node wrote; false when it is no configuration that a leader could have made.</summary>
    internal static bool TryParse(ByteString data, [NotNullWhen(true)] out RaftConfiguration? configuration)
    {
        configuration = null;
        try
        {
            return TryFromWire(Wire.Configuration.Parser.ParseFrom(data), out configuration);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    /// <inheritdoc cref="TryParse"/>
    internal static bool TryFromWire(Wire.Configuration? wire, [NotNullWhen(true)] out RaftConfiguration? configuration)
    {
        configuration = null;
        if (wire is null || wire.Voters.Count is 0 or > MaxVoters || wire.Learners.Count > MaxLearners)
        {
            return false;
        }

        var parsed = new RaftConfiguration([.. wire.Voters.Select(id => new NodeId(id)).Order()], [.. wire.Learners.Select(id => new NodeId(id)).Order()]);
        configuration = parsed.Fault() is null ? parsed : null;
        return configuration is not null;
    }

    private static ImmutableArray<NodeId> Sorted(ImmutableArray<NodeId> nodes) => nodes.Sort();

    private string? Fault()
    {
        if (Voters.Length > MaxVoters || Learners.Length > MaxLearners)
        {
            return $"{Voters.Length} voters and {Learners.Length} learners: at most {MaxVoters} and {MaxLearners}";
        }

        for (var i = 0; i < Voters.Length + Learners.Length; i++)
        {
            var isVoter = i < Voters.Length;
            var at = isVoter ? i : i - Voters.Length;
            var list = isVoter ? Voters : Learners;
            if (list[at].IsNone || (at > 0 && list[at] == list[at - 1]) || (isVoter && IsLearner(list[at])))
            {
                return $"node {list[at].Value} is 0 or stands twice in {this}";
            }
        }

        return null;
    }
}
