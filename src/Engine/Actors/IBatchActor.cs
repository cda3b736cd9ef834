namespace Cluster.Engine.Actors;

/// <summary>
/// An actor that gathers work over several messages and does it at once, as group commit does. The runtime calls
/// <see cref="OnBatchEnd"/> after every run of messages (at most the actor's throughput), always before the actor goes idle, and after the start
/// hooks; before a stop too, so that nothing gathered is left behind. A failure between two calls leaves the batch to the next call after
/// Resume, or drops it with the instance.
/// </summary>
internal interface IBatchActor
{
    void OnBatchEnd();
}
