using System.Runtime.CompilerServices;
using Cluster.Engine.Port;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Polly;
using Polly.Retry;

namespace Cluster.Engine.Sharding.Client;

/// <summary>
/// Asks a shard: attempts at its leader through the node's <see cref="ShardProxyActor"/>, with a deadline over all of them, retries with exponential back-off
/// and jitter, and a circuit breaker for each node. A write takes effect at most once however often it is tried; when no attempt can have taken effect the
/// answer says so (<see cref="ErrorCode.Unavailable"/>), else <see cref="ErrorCode.OutcomeUnknown"/>.
/// </summary>
internal sealed class ShardClient
{
    /// <summary>After so many attempts without a leader, other replicas are asked too: this node's own may be cut off from its group and not know it.</summary>
    private const int AttemptsBeforeAsking = 4;

    private readonly ShardClientOptions options;
    private readonly IActorRef proxy;
    private readonly LeaderDirectory leaders;
    private readonly IReplicaDirectory replicas;
    private readonly NodeBreakers breakers;
    private readonly ShardClientMetrics metrics;
    private readonly TimeProvider time;
    private readonly ResiliencePipeline<AttemptResult> retries;
    private int underWay;

    public ShardClient(ShardClientOptions options, IActorRef proxy, LeaderDirectory leaders, IReplicaDirectory replicas, NodeBreakers breakers, ShardClientMetrics metrics, TimeProvider time, Func<double> jitter)
    {
        (this.options, this.proxy, this.leaders, this.replicas, this.breakers, this.metrics, this.time) = (options, proxy, leaders, replicas, breakers, metrics, time);
        retries = new ResiliencePipelineBuilder<AttemptResult> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<AttemptResult>
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result.Retry),
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.RetryPause,
                MaxDelay = options.RetryPauseMax,
                UseJitter = true,
                MaxRetryAttempts = int.MaxValue, // The deadline bounds them: past it no attempt asks for another.
                Randomizer = jitter,
            })
            .Build();
    }

    /// <summary>Runs one request on one shard. Never throws for what a cluster can do to a request: the error says it.</summary>
    /// <param name="timeout">How long it may take, all attempts together; null for <see cref="ShardClientOptions.RequestTimeout"/>.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // Every request passes here: its state machine is used again. So is that of an attempt.
    public async ValueTask<AttemptResult> ExecuteAsync(ShardId shard, ShardRequest request, CancellationToken cancellation, TimeSpan? timeout = null)
    {
        var call = new ShardCall(shard, request, time.Elapsed() + (timeout ?? options.RequestTimeout));
        try
        {
            // Counted before the proxy's mailbox, which then has room for every attempt and every end: one lost there would be a call that never ends.
            if (Interlocked.Increment(ref underWay) > options.MaxInFlight)
            {
                return AttemptResult.Failed(ErrorCode.Overloaded, $"this node has {options.MaxInFlight} requests under way; send it again later", retry: false);
            }

            var result = await AttemptAsync(call).ConfigureAwait(false);
            return Conclude(call, result.Retry ? await RetryAsync(call, result, cancellation).ConfigureAwait(false) : result);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Conclude(call, AttemptResult.Failed(ErrorCode.Unavailable, "the caller gave up waiting", retry: true));
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
            if (call.OwnSession)
            {
                proxy.Tell(new CloseCall(call));
            }
        }
    }

    /// <summary>Nearly every request is answered at once, and does without the retries' machinery; the others enter it with a first failure behind them.</summary>
    private ValueTask<AttemptResult> RetryAsync(ShardCall call, AttemptResult first, CancellationToken cancellation)
    {
        call.FirstFailure = first;
        return retries.ExecuteAsync(
            static (state, _) => state.Call.TakeFirstFailure() is { } failed ? ValueTask.FromResult(failed) : state.Client.AttemptAsync(state.Call),
            (Client: this, Call: call),
            cancellation);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptResult> AttemptAsync(ShardCall call)
    {
        var target = Target(call);
        if (target.IsNone)
        {
            var hopeless = replicas.IsCutOff(call.Shard);
            return BeforeDeadline(call, AttemptResult.Failed(ErrorCode.Unavailable, replicas.WhyNoLeader(call.Shard), retry: !hopeless));
        }

        var breaker = breakers.Of(target);
        if (!breaker.TryEnter(time.Elapsed()))
        {
            return BeforeDeadline(call, AttemptResult.Failed(ErrorCode.Unavailable, $"the circuit breaker of node {target} is open: it has not answered lately", retry: true));
        }

        var result = await SendAsync(call, target).ConfigureAwait(false);
        breaker.Ended(time.Elapsed(), answered: !result.Unanswered);
        return result.Retry ? BeforeDeadline(call, result) : result;
    }

    private ValueTask<AttemptResult> SendAsync(ShardCall call, NodeId target)
    {
        var waiting = call.NextAttempt();
        proxy.Tell(new SendAttempt(call, target));
        return waiting;
    }

    private NodeId Target(ShardCall call)
    {
        if (call.Request.IsRead && (call.Request.Consistency == ReadConsistency.Stale || options.DirtyReads))
        {
            return replicas.AnyReplica(call.Shard, call.Attempt);
        }

        var leader = leaders.Leader(call.Shard);
        if (!leader.IsNone || (replicas.HoldsReplica(call.Shard) && call.Attempt < AttemptsBeforeAsking))
        {
            return leader;
        }

        return replicas.AnyReplica(call.Shard, Math.Max(call.Attempt, 1));
    }

    /// <summary>Past the deadline a failed attempt asks for no other.</summary>
    private AttemptResult BeforeDeadline(ShardCall call, in AttemptResult result)
    {
        call.Attempt++;
        return time.Elapsed() < call.Deadline - options.RetryPause ? result : result with { Retry = false };
    }

    private AttemptResult Conclude(ShardCall call, in AttemptResult result)
    {
        var concluded = Judge(call, result);
        metrics.Ended(concluded.Error, call.Attempt);
        return concluded;
    }

    /// <summary>What the caller may conclude, from all attempts together.</summary>
    private static AttemptResult Judge(ShardCall call, in AttemptResult result) => result.Error switch
    {
        ErrorCode.None or ErrorCode.BadRequest => result,
        _ when call.MayHaveTakenEffect => result with { Error = ErrorCode.OutcomeUnknown, Message = $"{result.Message}; it may or may not have taken effect" },
        ErrorCode.NotLeader or ErrorCode.OutcomeUnknown => result with { Error = ErrorCode.Unavailable },
        _ => result,
    };
}
