namespace Cluster.Modes.Saga;

/// <summary>What a saga may do about a step that does not go well.</summary>
public enum SagaStepKind
{
    /// <summary>Before the pivot: it can be undone, so it may fail.</summary>
    Compensatable,

    /// <summary>The go or no-go: once it is done, the saga goes on to its end; if it is refused, the saga goes back. In doubt, it is asked until it answers.</summary>
    Pivot,

    /// <summary>After the pivot: it cannot be refused for good, and is tried until it is done.</summary>
    Retriable,
}
