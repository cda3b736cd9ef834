using System.Diagnostics.CodeAnalysis;

namespace Cluster.Node.Options;

/// <summary>What came of reading the command line: options to run with, or lines to print and the code to end with.</summary>
/// <param name="Lines">The help text when <paramref name="Code"/> is 0, else one line for each mistake.</param>
public sealed record OptionsOutcome(NodeOptions? Options, IReadOnlyList<string> Lines, int Code)
{
    /// <summary>Whether the node can start.</summary>
    [MemberNotNullWhen(true, nameof(Options))]
    public bool CanStart => Options is not null;
}
