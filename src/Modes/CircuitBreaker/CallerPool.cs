namespace Cluster.Modes.CircuitBreaker;

/// <summary>
/// What all calls of one node share, as threads are shared in Nygard's blocked threads (Release It!, 4.5): so many may be under way, some more wait in the order in which they came, the others are refused.
/// It is what a slow dependency would use up if nothing bounded its part.
/// </summary>
internal sealed class CallerPool<T>
    where T : class
{
    /// <summary>Calls of one node under way at once. Small, so that a lab of some dozen clients can exhaust it.</summary>
    public const int Workers = 8;

    /// <summary>Calls that wait for a worker: beyond some rounds of them they would only wait for their deadline.</summary>
    public const int MostWaiting = 64;

    private readonly Queue<T> waiting = new();

    public int Busy { get; private set; }

    public int Waiting => waiting.Count;

    /// <summary>Whether the call may begin now; if not, it waits, unless too many do.</summary>
    public Admission Enter(T call)
    {
        if (Busy < Workers)
        {
            Busy++;
            return Admission.Begins;
        }

        if (waiting.Count == MostWaiting)
        {
            return Admission.Refused;
        }

        waiting.Enqueue(call);
        return Admission.Waits;
    }

    /// <summary>A call has ended; its worker goes to the one that is answered, or is free.</summary>
    public T? Leave()
    {
        if (waiting.TryDequeue(out var next))
        {
            return next;
        }

        Busy--;
        return null;
    }
}
