using Cluster.Shared.Http;

namespace Cluster.Client.Doctor;

/// <summary>What <c>lab cluster doctor -o json</c> gives: all nodes' findings together, and what only the console can see of their processes.</summary>
/// <param name="Healthy">Whether nothing is found that is more than a note.</param>
/// <param name="Asked">The nodes that answered.</param>
internal sealed record DoctorReport(bool Healthy, IReadOnlyList<string> Asked, IReadOnlyList<DoctorFinding> Findings);

/// <summary>One finding, as in <see cref="FindingView"/>.</summary>
/// <param name="SeenBy">Nodes that find it; <c>console</c> for what is seen from outside.</param>
internal sealed record DoctorFinding(FindingSeverity Severity, string Code, string Subject, string Problem, string Advice, IReadOnlyList<string> SeenBy);
