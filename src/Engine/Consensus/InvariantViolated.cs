using System.Diagnostics.CodeAnalysis;

namespace Cluster.Engine.Consensus;

/// <summary>
/// A replica found its group in a state that Raft rules out: a bug, or a disk that lost what it had promised to keep. The replica must stop:
/// what it would do next could spread the damage. Checked in release builds too.
/// </summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A fact about the group, in the words of the paper.")]
public sealed class InvariantViolated(string invariant, string details) : Exception($"{invariant}: {details}")
{
    /// <summary>Which invariant, in a few stable words.</summary>
    public string Invariant { get; } = invariant;
}
