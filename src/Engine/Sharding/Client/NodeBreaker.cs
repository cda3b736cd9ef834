using Polly;
using Polly.CircuitBreaker;

namespace Cluster.Engine.Sharding.Client;

/// <summary>
/// The circuit breaker in front of one node: opens when most attempts at it end without an answer, so that a hung node costs its callers nothing, and lets
/// probes through after a pause. A refusal (not the leader) is an answer: the node is well.
/// </summary>
internal sealed class NodeBreaker
{
    private readonly CircuitBreakerStateProvider state = new();
    private readonly ResiliencePipeline<AttemptResult> pipeline;

    public NodeBreaker(ShardClientOptions options, TimeProvider time) =>
        pipeline = new ResiliencePipelineBuilder<AttemptResult> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<AttemptResult>
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result.Unanswered),
                FailureRatio = options.BreakerFailureRatio,
                MinimumThroughput = options.BreakerMinimumThroughput,
                SamplingDuration = options.BreakerWindow,
                BreakDuration = options.BreakerPause,
                StateProvider = state,
            })
            .Build();

    /// <summary>closed, open, half-open or isolated.</summary>
    public CircuitState State => state.CircuitState;

    /// <summary>Runs one attempt through the breaker; null when the breaker refuses it, and nothing was sent.</summary>
    public async ValueTask<AttemptResult?> TryAsync<TState>(Func<TState, ValueTask<AttemptResult>> attempt, TState argument)
    {
        try
        {
            return await pipeline.ExecuteAsync(static (pair, _) => pair.attempt(pair.argument), (attempt, argument), CancellationToken.None).ConfigureAwait(false);
        }
        catch (BrokenCircuitException)
        {
            return null;
        }
    }
}
