using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>Why the operations on one key cannot have happened on a single copy: a sentence that is true of the whole history, and the operations it speaks of.</summary>
/// <param name="Piece">As recorded. On their own they cannot have happened on a single copy either.</param>
internal sealed record Contradiction(string Sentence, IReadOnlyList<Operation> Piece);
