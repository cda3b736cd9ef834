using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.CircuitBreaker;

/// <content>Calls, from the client to a worker, to the proxy, and back.</content>
internal sealed partial class CircuitBreakerActor
{
    private readonly Dictionary<long, OpenCall> open = [];
    private readonly CallerPool<OpenCall> pool = new();
    private long lastCall;

    private void Call(string to, ProxyCore proxy, ModeRequest request)
    {
        var (now, number) = (Now, ++lastCall);
        var key = request.Find("id") ?? FormattableString.Invariant($"{self}.{number}");
        var call = new OpenCall(Sender, to, proxy, new ProxyCall(number, request.Operation == CircuitBreakerOperations.Add, request.Text("item"), key, now, now + request.Duration("within")));
        switch (pool.Enter(call))
        {
            case Admission.Begins:
                Begin(call);
                break;
            case Admission.Refused:
                Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"all {CallerPool<OpenCall>.Workers} workers of {node.Name} are busy, and {CallerPool<OpenCall>.MostWaiting} calls wait: ask another node, or later")), Self);
                break;
        }
    }

    private void Begin(OpenCall call)
    {
        open.Add(call.Call.Number, call);
        call.Proxy.Begin(call.Call, Now);
        CarryOut(call.To, call.Proxy);
    }

    private void CarryOut(string to, ProxyCore proxy)
    {
        while (proxy.TakeEffect() is { } effect)
        {
            switch (effect)
            {
                case ProxyEffect.Send send:
                    Dependency(to)?.Tell(send.Attempt, Self); // To one that has left nothing is sent: its attempts end by their timeout.
                    break;
                case ProxyEffect.Alarm alarm:
                    Timers.StartSingle(alarm.Call, new Woken(alarm.Call), alarm.After);
                    break;
                case ProxyEffect.Report report:
                    End(report);
                    break;
            }
        }

        TellOfTransitions(to, proxy);
    }

    private void End(ProxyEffect.Report report)
    {
        Timers.Cancel(report.Call);
        if (open.Remove(report.Call, out var call))
        {
            meters.Ended(call.To, report.Result);
            call.Client.Tell(report.Result is { Outcome: CallReport.Conflict, Why: { } why } ? ModeAnswer.Conflict(why) : ModeAnswer.Ok(report.Result, CircuitBreakerJson.Default.CallReport), Self);
            if (pool.Leave() is { } next)
            {
                Begin(next);
            }
        }
    }

    private sealed record OpenCall(IActorRef Client, string To, ProxyCore Proxy, ProxyCall Call);

    private sealed record Woken(long Call);
}
