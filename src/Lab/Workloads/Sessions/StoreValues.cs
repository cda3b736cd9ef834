using Cluster.Lab.Histories;

namespace Cluster.Lab.Workloads.Sessions;

/// <summary>Several keys as they stood at one instant.</summary>
/// <param name="Outcome">Ok, or Fail: a read has no effect, so that it was not answered is all there is to know.</param>
/// <param name="Values">In the order of the keys, null where a key is absent; empty unless Ok.</param>
public readonly record struct StoreValues(Outcome Outcome, IReadOnlyList<string?> Values)
{
    public static StoreValues Fail { get; } = new(Outcome.Fail, []);
}
