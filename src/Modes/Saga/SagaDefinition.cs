using System.Collections.Immutable;

namespace Cluster.Modes.Saga;

/// <summary>
/// The steps of a saga in their order: any number that can be compensated, at most one pivot, then those that are retried until they are done. Whoever holds one may rely on it that from
/// every step there is a way to one of the two ends.
/// </summary>
public sealed class SagaDefinition
{
    /// <summary>Each step is a note in the saga's state, and a round of messages.</summary>
    public const int MaxSteps = 16;

    /// <exception cref="SagaDefinitionException">A step could neither be undone nor be carried to the end.</exception>
    public SagaDefinition(string name, params ImmutableArray<SagaStep> steps)
    {
        (Name, Steps) = (name, steps);
        if (steps.IsDefaultOrEmpty || steps.Length > MaxSteps)
        {
            throw new SagaDefinitionException(name, null, $"it has {(steps.IsDefault ? 0 : steps.Length)} steps; it may have 1 to {MaxSteps}");
        }

        var pivot = steps.IndexOf(steps.FirstOrDefault(step => step.Kind == SagaStepKind.Pivot)!);
        Pivot = pivot < 0 ? steps.Length : pivot;
        foreach (var (index, step) in steps.Index())
        {
            if (WhyNot(index, step) is { } why)
            {
                throw new SagaDefinitionException(name, step.Name, why);
            }
        }
    }

    public string Name { get; }

    public ImmutableArray<SagaStep> Steps { get; }

    /// <summary>The pivot's place; the number of steps where there is none: then the saga can turn back until its last step is done.</summary>
    public int Pivot { get; }

    /// <summary>Whether a saga that waits for this step may still give it up and turn back.</summary>
    public bool MayTurnBackAt(int step) => step < Pivot;

    private string? WhyNot(int index, SagaStep step) => step switch
    {
        _ when Steps.Take(index).Any(other => other.Name == step.Name) => "another step has this name",
        { Kind: SagaStepKind.Compensatable } when index > Pivot => "after the pivot nothing is undone: make it retriable",
        { Kind: SagaStepKind.Compensatable, Undo: null } => "it has no compensation, and a later step may fail: give it one, or make it the pivot",
        { Kind: SagaStepKind.Pivot } when index > Pivot => "there is a pivot already: a saga has one point of no return",
        { Kind: SagaStepKind.Pivot or SagaStepKind.Retriable, Undo: not null } => "it has a compensation that would never be used",
        { Kind: SagaStepKind.Retriable } when index < Pivot => "nothing before the pivot may be retried for ever: give it a compensation",
        _ => null,
    };
}
