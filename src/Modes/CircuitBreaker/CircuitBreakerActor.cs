using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.CircuitBreaker;

/// <summary>
/// The calls of one node: a pool of workers that all of them share, a proxy for each dependency, and this node's own dependency as a child. The shell of <see cref="CallerPool{T}"/> and <see cref="ProxyCore"/>.
/// </summary>
internal sealed partial class CircuitBreakerActor : Actor
{
    /// <summary>Dependencies that one node has proxies of: more than a cluster has nodes.</summary>
    private const int MostProxies = 64;

    /// <summary>Questions to dependencies themselves under way at once; each is an actor that waits.</summary>
    private const int MostRelays = 200;

    private readonly IModeNode node;
    private readonly string self;
    private readonly ProxyOptions options;
    private readonly SortedDictionary<string, ProxyCore> proxies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> toldOf = new(StringComparer.Ordinal);
    private readonly ProxyMeters meters;
    private int relays;

    public CircuitBreakerActor(IModeNode node)
    {
        this.node = node;
        self = FormattableString.Invariant($"{node.Name}/{Context.System.Random.NextInt64():x16}");
        options = CircuitBreakerFlaws.Proxy(node.HasFlaw);
        meters = new ProxyMeters(node.Meter);
        Context.ActorOf(Props.Create(() => new BackendActor(node.Name.ToString(), node.HasFlaw(CircuitBreakerFlaws.KeysIgnored.Name))), BackendActor.ActorName);
    }

    private TimeSpan Now => Context.System.Time.Elapsed();

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest request:
                Serve(request);
                break;
            case Invoked reply when open.TryGetValue(reply.Call, out var call):
                call.Proxy.Replied(reply, Now, Context.System.Random.NextDouble());
                CarryOut(call.To, call.Proxy);
                break;
            case Invoked:
                break; // To a call that is over.
            case Woken woken when open.TryGetValue(woken.Call, out var call):
                call.Proxy.Wake(woken.Call, Now, Context.System.Random.NextDouble());
                CarryOut(call.To, call.Proxy);
                break;
            case Woken:
                break;
            case Terminated:
                relays--;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Serve(ModeRequest request)
    {
        if (request.Operation == CircuitBreakerOperations.Show)
        {
            Sender.Tell(ModeAnswer.Ok(View(), CircuitBreakerJson.Default.ProxiesView), Self);
            return;
        }

        if (request.Operation == CircuitBreakerOperations.Cost)
        {
            Sender.Tell(ModeAnswer.Ok(BreakerCost.Measure(Context.System.Time, options.Breaker), CircuitBreakerJson.Default.CostView), Self);
            return;
        }

        var to = request.Text("to");
        if (request.Operation is CircuitBreakerOperations.Health or CircuitBreakerOperations.Received)
        {
            Relay(to, request);
        }
        else if (FindProxy(to) is not { } proxy)
        {
            Sender.Tell(ModeAnswer.NotFound($"{node.Name} knows no dependency '{to}': there is one on each member of the cluster, by the member's name"), Self);
        }
        else if (request.Operation == CircuitBreakerOperations.Trip)
        {
            Changed(to, proxy, proxy.Breaker.Trip(Now));
        }
        else if (request.Operation == CircuitBreakerOperations.Reset)
        {
            Changed(to, proxy, proxy.Breaker.Reset(Now));
        }
        else
        {
            Call(to, proxy, request);
        }
    }

    /// <summary>Made at first use. One whose node has left stays: it says why nobody answers.</summary>
    private ProxyCore? FindProxy(string to)
    {
        if (!proxies.TryGetValue(to, out var proxy) && proxies.Count < MostProxies && Member(to) is not null)
        {
            proxies.Add(to, proxy = new ProxyCore(options, to, self));
        }

        return proxy;
    }

    private ClusterMember? Member(string name) => node.Members.Current.FirstOrDefault(member => member.Name.ToString() == name);

    /// <summary>The dependency on a member, whatever its address is now; null where it is none any more.</summary>
    private IActorRef? Dependency(string name) => Member(name) is { } member
        ? Context.System.Resolve(Self.Path.Child(BackendActor.ActorName).WithAddress(new ActorAddress(member.Name, member.Address)).ToString())
        : null;

    private void Relay(string to, ModeRequest request)
    {
        var client = Sender;
        if (Dependency(to) is not { } dependency)
        {
            client.Tell(ModeAnswer.NotFound($"{node.Name} knows no member '{to}'"), Self);
        }
        else if (relays == MostRelays)
        {
            client.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{MostRelays} questions to dependencies are under way at {node.Name}: ask later")), Self);
        }
        else
        {
            relays++;
            var changes = request.Operation == CircuitBreakerOperations.Health;
            object question = changes ? new SetHealth(HealthOf(request)) : new AskReceived(to, request.Number("from"));
            Context.Watch(Context.ActorOf(Props.Create(() => new RelayActor(client, dependency, question, changes))));
        }
    }

    private static BackendHealth HealthOf(ModeRequest request) => new(
        Enum.Parse<HealthKind>(request.Text("kind"), ignoreCase: true),
        (long)request.Duration("latency").TotalMilliseconds,
        (int)request.Number("share"),
        (long)request.Duration("period").TotalMilliseconds);

    private void Changed(string to, ProxyCore proxy, bool changed)
    {
        TellOfTransitions(to, proxy);
        Sender.Tell(ModeAnswer.Ok(new BreakerChanged(node.Name.ToString(), to, proxy.Breaker.State, changed), CircuitBreakerJson.Default.BreakerChanged), Self);
    }

    /// <summary>A change of a breaker's state is a line of the node's event stream.</summary>
    private void TellOfTransitions(string to, ProxyCore proxy)
    {
        var told = toldOf.GetValueOrDefault(to);
        if (told == proxy.Breaker.Generation)
        {
            return;
        }

        foreach (var change in proxy.Breaker.Transitions.Where(change => change.Number > told))
        {
            meters.Changed(to, change.To);
            node.Tell($"{node.Name}'s breaker of {to}: {Word(change.From)} -> {Word(change.To)} ({change.Why})");
        }

        toldOf[to] = proxy.Breaker.Generation;
    }

    private static string Word(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.Open => "open",
        BreakerState.HalfOpen => "half-open",
        _ => "forced open",
    };

    private ProxiesView View()
    {
        foreach (var member in node.Members.Current)
        {
            FindProxy(member.Name.ToString());
        }

        var now = Now;
        return new ProxiesView(node.Name.ToString(), CallerPool<OpenCall>.Workers, pool.Busy, pool.Waiting, [.. proxies.Select(proxy => View(proxy.Key, proxy.Value, now))]);
    }

    private ProxyView View(string to, ProxyCore proxy, TimeSpan now)
    {
        var counts = proxy.Breaker.Counts(now);
        return new ProxyView(
            to,
            self,
            proxy.Breaker.State,
            (long)proxy.Breaker.OpenFor(now).TotalMilliseconds,
            new WindowView(counts.Calls, counts.Failed, counts.Slow, counts.FailureRate, counts.SlowCallRate),
            proxy.UnderWay,
            options.MaxConcurrent,
            proxy.RetriesLeft,
            proxy.Tally,
            [.. proxy.Breaker.Transitions]);
    }
}
