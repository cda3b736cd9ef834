using Cluster.Modes.CircuitBreaker;

namespace Cluster.Modes.Tests.CircuitBreaker;

/// <summary>One proxy, and a test in the place of the dependency and of the clock.</summary>
internal sealed class ProxyWorld(ProxyOptions? options = null)
{
    private long calls;

    public ProxyCore Proxy { get; } = new(options ?? new ProxyOptions(), "n9", "n1/a");

    public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(10);

    public List<Invoke> Sent { get; } = [];

    public Dictionary<long, CallReport> Reports { get; } = [];

    /// <summary>Each call's alarm: when it goes off.</summary>
    public Dictionary<long, TimeSpan> Alarms { get; } = [];

    /// <returns>The call's number.</returns>
    public long Begin(bool isAdd = false, string item = "a", int withinMs = 1_000)
    {
        Proxy.Begin(new ProxyCall(++calls, isAdd, item, $"k{calls}", Now, Now + TimeSpan.FromMilliseconds(withinMs)), Now);
        Carry();
        return calls;
    }

    /// <summary>The dependency answers the last attempt of a call.</summary>
    public void Answer(long call, long value = 1, string? failure = null, bool isRepeat = false, string life = "L", bool isConflict = false)
    {
        var attempt = Sent.Last(sent => sent.Call == call);
        Proxy.Replied(new Invoked(call, attempt.Attempt, value, life, isRepeat, failure) { IsConflict = isConflict }, Now, 0.5);
        Carry();
    }

    public void Wait(int ms) => Now += TimeSpan.FromMilliseconds(ms);

    /// <summary>Lets a call's alarm go off at its time.</summary>
    public void Wake(long call)
    {
        Now = Alarms[call] > Now ? Alarms[call] : Now;
        Proxy.Wake(call, Now, 0.5);
        Carry();
    }

    /// <summary>Calls that end with that failure, until the breaker lets none through any more.</summary>
    public void OpenBreaker()
    {
        while (Proxy.Breaker.State == BreakerState.Closed)
        {
            var call = Begin();
            Answer(call, failure: "broken");
            while (!Reports.ContainsKey(call))
            {
                Wake(call);
                if (!Reports.ContainsKey(call))
                {
                    Answer(call, failure: "broken");
                }
            }
        }
    }

    private void Carry()
    {
        while (Proxy.TakeEffect() is { } effect)
        {
            switch (effect)
            {
                case ProxyEffect.Send send:
                    Sent.Add(send.Attempt);
                    break;
                case ProxyEffect.Alarm alarm:
                    Alarms[alarm.Call] = Now + alarm.After;
                    break;
                case ProxyEffect.Report report:
                    Reports.Add(report.Call, report.Result);
                    break;
            }
        }
    }
}
