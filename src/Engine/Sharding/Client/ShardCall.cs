using System.Threading.Tasks.Sources;
using Cluster.Shared.Ids;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Sharding.Client;

/// <summary>
/// One request on its way to a shard, through all its attempts. Its sequence number is taken once, so that however many attempts reach a leader, it takes
/// effect at most once. An attempt ends exactly once; the awaiting caller continues on the thread that ended it.
/// </summary>
internal sealed class ShardCall(ShardId shard, ShardRequest request, TimeSpan deadline) : IValueTaskSource<AttemptResult>
{
    private ManualResetValueTaskSourceCore<AttemptResult> completion;

    public ShardId Shard { get; } = shard;

    /// <summary>What is sent; a fresh copy for each attempt, since the receiver on this node may still hold the last one.</summary>
    public ShardRequest Request { get; private set; } = request;

    /// <summary>Monotonic time after which nobody waits for the answer.</summary>
    public TimeSpan Deadline { get; } = deadline;

    /// <summary>How many attempts have failed.</summary>
    public int Attempt { get; set; }

    /// <summary>How the first attempt failed, until the retries have taken note of it.</summary>
    public AttemptResult? FirstFailure { get; set; }

    /// <summary>Whether an attempt ended without a word on whether it took effect.</summary>
    public bool MayHaveTakenEffect { get; set; }

    /// <summary>Whether the sequence number was taken from this node's own session, and has to be closed at the end.</summary>
    public bool OwnSession { get; set; }

    /// <summary>Where the current attempt was sent; owned by the proxy.</summary>
    public NodeAddress Target { get; set; }

    /// <summary>When the current attempt is given up; owned by the proxy.</summary>
    public TimeSpan AttemptDeadline { get; set; }

    /// <summary>The first attempt's failure, once.</summary>
    public AttemptResult? TakeFirstFailure()
    {
        var first = FirstFailure;
        FirstFailure = null;
        return first;
    }

    /// <summary>Starts waiting for the next attempt's end.</summary>
    public ValueTask<AttemptResult> NextAttempt()
    {
        completion.Reset();
        return new ValueTask<AttemptResult>(this, completion.Version);
    }

    /// <summary>Names the attempt that is about to be sent.</summary>
    public void BeginAttempt(ulong correlation)
    {
        if (Request.Correlation != 0)
        {
            Request = Request.Clone();
        }

        Request.Correlation = correlation;
    }

    /// <summary>Ends the current attempt.</summary>
    public void End(in AttemptResult result) => completion.SetResult(result);

    AttemptResult IValueTaskSource<AttemptResult>.GetResult(short token) => completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<AttemptResult>.GetStatus(short token) => completion.GetStatus(token);

    void IValueTaskSource<AttemptResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        completion.OnCompleted(continuation, state, token, flags);
}

/// <summary>How one attempt ended: with the machine's answer, or with an error that says whether another attempt may help.</summary>
/// <param name="Unanswered">The node said nothing: what its circuit breaker counts.</param>
internal readonly record struct AttemptResult(ByteString? Reply, ErrorCode Error, string Message, bool Retry, bool Unanswered = false)
{
    public static AttemptResult Answered(ByteString reply) => new(reply, ErrorCode.None, "", false);

    public static AttemptResult Failed(ErrorCode error, string message, bool retry) => new(null, error, message, retry);
}
