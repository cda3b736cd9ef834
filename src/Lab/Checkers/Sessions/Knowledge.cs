using System.Collections.Immutable;

namespace Cluster.Lab.Checkers.Sessions;

/// <summary>What the writer of a value had written and read before it: the newest version of each key.</summary>
internal sealed record Knowledge(ImmutableDictionary<string, long> Wrote, ImmutableDictionary<string, long> Read);
