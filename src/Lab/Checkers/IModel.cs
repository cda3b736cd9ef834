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

    /// <summary>Whether the operation carries what this model needs of it: its inputs, and an output of the right form where it was answered.</summary>
    bool IsComplete(Operation operation);

    /// <summary>The operation in the form that <see cref="Step"/> compares, so that what is parsed is parsed once and not at every step of a search.</summary>
    Operation Prepare(Operation operation) => operation;

    /// <summary>
    /// Runs one operation in <paramref name="state"/>. False: it cannot have answered what it answered in this state. The output of an
    /// operation with unknown outcome is not looked at.
    /// </summary>
    bool Step(string? state, Operation operation, out string? next);
}
