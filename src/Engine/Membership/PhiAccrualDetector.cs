namespace Cluster.Engine.Membership;

/// <summary>
/// The phi accrual failure detector of one peer (Hayashibara et al. 2004): turns heartbeats into a suspicion that grows with silence, on a scale that
/// adapts to how regular the heartbeats were. Phi = -log10(probability that a heartbeat arrives even later than now). Never goes down without a heartbeat.
/// </summary>
/// <remarks>
/// On top of the paper, as in Akka: a least standard deviation, an acceptable pause, and a first estimate, so that it can judge from the first heartbeat on.
/// Times are monotonic (a <see cref="TimeProvider"/>'s elapsed time); one that lies before the last heartbeat counts as that.
/// </remarks>
internal sealed class PhiAccrualDetector
{
    /// <summary>Suspicion is capped here: what lies above says nothing more, and stays finite for display.</summary>
    public const double MaxPhi = 100;

    private readonly PhiAccrualOptions options;
    private readonly ArrivalWindow window;
    private TimeSpan last;

    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public PhiAccrualDetector(PhiAccrualOptions options)
    {
        options.Validate();
        this.options = options;
        window = new ArrivalWindow(options.MaxSamples);
    }

    /// <summary>Whether there was a heartbeat since the start or the last <see cref="Reset"/>. Without one, nothing is suspected.</summary>
    public bool IsMonitoring { get; private set; }

    public void Heartbeat(TimeSpan now)
    {
        if (!IsMonitoring)
        {
            IsMonitoring = true;
            last = now;
            var deviation = options.FirstHeartbeatEstimate / 4;
            window.Add(options.FirstHeartbeatEstimate - deviation);
            window.Add(options.FirstHeartbeatEstimate + deviation);
            return;
        }

        // An interval that ends a suspected silence is an outage and no sample of how the peer beats; learned, it would make the next crash be noticed late.
        if (now > last && IsAvailable(now))
        {
            window.Add(now - last);
        }

        last = now > last ? now : last;
    }

    /// <summary>The suspicion at this moment, from 0 to <see cref="MaxPhi"/>.</summary>
    public double Phi(TimeSpan now)
    {
        if (!IsMonitoring || now <= last)
        {
            return 0;
        }

        var mean = window.MeanMs + options.AcceptablePause.TotalMilliseconds;
        var deviation = Math.Max(window.StdDeviationMs, options.MinStdDeviation.TotalMilliseconds);
        return Math.Min(Suspicion(((now - last).TotalMilliseconds - mean) / deviation), MaxPhi);
    }

    public bool IsAvailable(TimeSpan now) => Phi(now) < options.Threshold;

    /// <summary>Forgets everything: the peer has started anew.</summary>
    public void Reset()
    {
        IsMonitoring = false;
        window.Clear();
    }

    /// <summary>
    /// -log10 of the normal distribution's upper tail at <paramref name="y"/> standard deviations, by the logistic approximation of Bowling et al. 2009
    /// (error of the probability below 0.00014; far out, where that is much of the tail, phi comes out a tenth too high). Worked out on the logarithm, since the
    /// tail itself underflows where suspicion is high.
    /// </summary>
    private static double Suspicion(double y)
    {
        var logit = y * (1.5976 + (0.070566 * y * y));
        return logit > 0
            ? (logit + Math.Log(1 + Math.Exp(-logit))) / Math.Log(10)
            : Math.Log(1 + Math.Exp(logit)) / Math.Log(10);
    }
}
