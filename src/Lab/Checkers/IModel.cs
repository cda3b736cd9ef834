using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>
/// The sequential meaning of the operations on one key, against which a concurrent history is judged. States are text, null is "never written".
/// Pure: the search steps back and forth.
/// </summary>
public interface IModel
{
    string Name { get; }

    /// <summary>Whether the model gives this operation a meaning.</summary>
    bool Knows(string op);

    /// <summary>
    /// Runs one operation in <paramref name="state"/>. False: it cannot have answered what it answered in this state. The output of an
    /// operation with unknown outcome is not looked at.
    /// </summary>
    bool Step(string? state, Operation operation, out string? next);
}
