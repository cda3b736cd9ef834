namespace Cluster.Modes.Saga;

/// <summary>A saga that could end half-done: it is refused when it is defined, before any order is begun.</summary>
/// <param name="step">The step that is wrong; null where the saga as a whole is.</param>
public sealed class SagaDefinitionException(string saga, string? step, string why) : Exception(step is null ? $"saga '{saga}': {why}" : $"saga '{saga}', step '{step}': {why}")
{
    public string Saga { get; } = saga;

    public string? Step { get; } = step;
}
