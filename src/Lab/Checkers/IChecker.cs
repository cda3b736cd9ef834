using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>Judges a recorded history by one promise. It knows nothing of the cluster: what it concludes, it concludes from what clients saw.</summary>
public interface IChecker
{
    /// <summary>The promise, in the field's words.</summary>
    string Name { get; }

    /// <summary>
    /// Whether this promise gives the operation a meaning, and the operation carries what it needs. A history with others in it is no history for this checker,
    /// and gets no verdict.
    /// </summary>
    bool Understands(Operation operation);

    /// <summary>
    /// Violated is certain, and comes with the evidence. Unknown where a bound was met, or where the history has nothing in it that the promise is about: a
    /// run that shows nothing must not pass.
    /// </summary>
    CheckResult Check(History history);
}
