namespace Cluster.Lab.Templates;

/// <summary>A mode that was just made.</summary>
/// <param name="Name">As the code has it: <c>TwoPhaseCommit</c>.</param>
/// <param name="Folder">Where its files are.</param>
/// <param name="Files">Their names.</param>
public sealed record NewMode(string Slug, string Name, string Folder, IReadOnlyList<string> Files);
