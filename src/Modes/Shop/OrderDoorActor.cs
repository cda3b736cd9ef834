using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Shared.Results;

namespace Cluster.Modes.Shop;

/// <summary>
/// A mode's orders on one node: starts a driver for each that a client of this node places, and looks through the logs for those that nobody carries on, because their driver's node is gone or cut
/// off. One that stalls is found within two seconds, by any node that reaches a majority. Looking costs next to nothing: it is this node's own replica of the log that is looked at, and only what it
/// shows to have stalled is asked of the log itself, before anybody acts on it.
/// </summary>
/// <typeparam name="TRecord">An order as the mode's log keeps it.</typeparam>
internal abstract class OrderDoorActor<TRecord> : Actor
    where TRecord : class
{
    /// <summary>Orphans taken on in one look.</summary>
    protected const int MostAdopted = 64;

    /// <summary>Orders that one node drives at a time: a client's that would be more is refused, an orphan waits for its turn.</summary>
    private const int MostDriven = 10_000;

    /// <summary>Between two looks, each at the next log: in a quiet cluster four reads a second of this node's own memory, and no message, as long as it holds a replica of each log.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>A look that is not answered by then is begun anew: its answer may have found this mailbox full. A region answers within three seconds.</summary>
    private static readonly TimeSpan LookIsLost = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, IActorRef> driven = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, string> drivers = [];
    /// <summary>Looks that are under way, by their log, with when they began.</summary>
    private readonly Dictionary<string, TimeSpan> looksAt = new(StringComparer.Ordinal);
    private readonly HashSet<string> asks = new(StringComparer.Ordinal);

    /// <summary>Where the next look at a log begins, when the last one had as many as fit: orders that cannot go on would hide those behind them.</summary>
    private readonly Dictionary<string, string> after = new(StringComparer.Ordinal);
    private readonly IModeNode node;
    private int nextLook;

    protected OrderDoorActor(IModeNode node, IShardRegion logs) => (this.node, Logs) = (node, logs);

    protected IShardRegion Logs { get; }

    /// <summary>What a log is asked for orders that nobody carries on.</summary>
    /// <param name="after">Those with later ids; null: from the first.</param>
    protected abstract IEntityQuery ReadStalled(string? after);

    protected override void PreStart() => Timers.StartPeriodic("look", Look.Instance, LookEvery);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest { Operation: "place" or "start" } when drivers.Count >= MostDriven:
                Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, $"{node.Name} drives {MostDriven} orders, the most it may: ask another node, or later")), Self);
                break;
            case ModeRequest request:
                Serve(request);
                break;
            case Look:
                LookAtNext();
                break;
            case EntityUnavailable unavailable:
                Looked(unavailable.EntityId);
                break;
            case EntityRefused refused:
                Looked(refused.EntityId);
                break;
            case Terminated ended when drivers.Remove(ended.Actor, out var order):
                if (driven.TryGetValue(order, out var current) && current.Equals(ended.Actor))
                {
                    driven.Remove(order);
                }

                break;
            case var reply when ReadLook(reply) is var (log, stalled):
                Saw(log, stalled);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected abstract void Serve(ModeRequest request);

    /// <summary>What a log answered to <see cref="ReadStalled"/>, in the order of the ids; null where it is none.</summary>
    protected abstract (string Log, IReadOnlyList<TRecord> Stalled)? ReadLook(object reply);

    protected abstract (string Id, string Driver) NameOf(TRecord record);

    /// <summary>A driver that offers to carry on what another has left.</summary>
    protected abstract Props Adopting(TRecord orphan);

    protected void Drive(string order, Props driver)
    {
        var child = Context.Watch(Context.ActorOf(driver));
        driven[order] = child;
        drivers.Add(child, order);
    }

    /// <summary>Answers the client whose request is in hand from what entities say.</summary>
    protected void Gather(GatherStep step)
    {
        var asker = Sender;
        Context.ActorOf(Props.Create(() => new GatherActor(asker, step)));
    }

    /// <summary>Asks every log the same, and answers from all replies.</summary>
    protected GatherStep EachLog<TReply>(object question, Func<IReadOnlyList<TReply>, ModeAnswer> answer) => GatherStep.Ask(
        [.. LogPartitions.All.Select(log => new Question(Logs, log, question))],
        replies => GatherStep.Done(replies.FirstOrDefault(reply => reply is not TReply) is { } other ? ModeAnswer.Of(other) : answer([.. replies.Cast<TReply>()])));

    private void LookAtNext()
    {
        var log = LogPartitions.All[nextLook++ % LogPartitions.Count];
        var now = Context.System.Time.Elapsed();
        if (drivers.Count < MostDriven && (!looksAt.TryGetValue(log, out var began) || now - began > LookIsLost))
        {
            looksAt[log] = now;
            asks.Remove(log);
            Logs.Tell(new AskStale(log, ReadStalled(after.GetValueOrDefault(log))), Self);
        }
    }

    private void Looked(string log)
    {
        looksAt.Remove(log);
        asks.Remove(log);
    }

    /// <summary>This node's replica may be behind, and is for as long as it is cut off: what it shows is believed once the log says the same.</summary>
    private void Saw(string log, IReadOnlyList<TRecord> stalled)
    {
        List<TRecord> orphans = [.. stalled.Where(record => !driven.ContainsKey(NameOf(record).Id))];
        if (orphans.Count > 0 && asks.Add(log))
        {
            Logs.Tell(new ToEntity(log, ReadStalled(after.GetValueOrDefault(log))), Self);
            return;
        }

        Looked(log);
        if (stalled.Count == MostAdopted)
        {
            after[log] = NameOf(stalled[^1]).Id;
        }
        else
        {
            after.Remove(log);
        }

        Adopt(orphans);
    }

    private void Adopt(IReadOnlyList<TRecord> orphans)
    {
        foreach (var orphan in orphans)
        {
            Drive(NameOf(orphan).Id, Adopting(orphan));
        }

        foreach (var left in orphans.Select(NameOf).GroupBy(orphan => orphan.Driver))
        {
            node.Tell(FormattableString.Invariant($"offers to carry on {left.Count()} orders that {left.Key} has left, {left.First().Id} among them"));
        }
    }

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }
}
