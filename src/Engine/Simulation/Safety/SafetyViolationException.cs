namespace Cluster.Engine.Simulation.Safety;

/// <summary>Ends a run in which a rule is broken: what comes after shows nothing any more.</summary>
public sealed class SafetyViolationException(SafetyViolation violation) : Exception(violation.ToString())
{
    public SafetyViolation Violation { get; } = violation;
}
