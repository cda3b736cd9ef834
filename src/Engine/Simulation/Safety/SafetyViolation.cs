using System.Globalization;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Simulation.Safety;

/// <summary>A rule that a run broke, when, where, and in a sentence that needs no source code to be understood.</summary>
/// <param name="At">In virtual time since the run began.</param>
/// <param name="Group">Null where it concerns a node as a whole.</param>
/// <param name="Nodes">Who is involved, the one that showed it first.</param>
public sealed record SafetyViolation(SafetyRule Rule, TimeSpan At, ShardId? Group, IReadOnlyList<string> Nodes, string Sentence)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rule} broken at {At.TotalSeconds:0.000} s: {Sentence}");
}
