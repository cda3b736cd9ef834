using System.Globalization;
using System.Text;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Modes.Quorum;

/// <summary>The door on each node: any node coordinates any request (Dynamo, section 4.5). Takes requests to replicas, sends again what is not answered, and tells whoever asked.</summary>
internal sealed class QuorumActor : Actor
{
    private readonly Dictionary<long, QuorumRequest> requests = [];
    private readonly Dictionary<long, WhereGather> gathers = [];
    private readonly IModeNode node;
    private readonly OpenRequests open;
    private readonly QuorumMetrics metrics;
    private readonly RingView view;
    private readonly string self;
    private readonly bool writesBack;

    /// <summary>Numbers of an earlier life's requests are far from those of this one, so no late answer is taken for another's.</summary>
    private readonly long life;

    public QuorumActor(IModeNode node)
    {
        this.node = node;
        open = new OpenRequests(node, Timers, () => Self);
        metrics = new QuorumMetrics(node.Meter);
        view = new RingView(node);
        self = node.Name.ToString();
        writesBack = !node.HasFlaw(QuorumMode.NoWriteBack);
        life = Context.System.Random.NextInt64(long.MaxValue / 2);
        Context.ActorOf(Props.Create(() => new ReplicaActor(node, metrics)).WithMailbox(ReplicaActor.MailboxCapacity, MailboxOverflow.DropNewest), ReplicaActor.ActorName);
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ModeRequest asked:
                Take(asked);
                break;
            case KeyRead reply when gathers.TryGetValue(reply.Id - life, out var gather):
                gather.On(reply);
                EndWhere(reply.Id - life, gather, gather.IsComplete);
                break;
            case KeyRead reply:
                Advance(reply.Id, request => request.On(reply));
                break;
            case KeyStored reply:
                Advance(reply.Id, request => request.On(reply));
                break;
            case VersionAdded reply:
                Advance(reply.Id, request => request.On(reply));
                break;
            case QuorumRefused refused:
                Advance(refused.Id, request => request.On(refused));
                break;
            case Tick tick:
                OnTick(tick.Id);
                break;
            case RequestExpired expired:
                Expire(expired);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(ModeRequest asked)
    {
        var context = asked.Find(QuorumDial.ContextName);
        ClientContext? seen = null;
        if (WhyNot(asked, context, ref seen) is { } why)
        {
            Sender.Tell(ModeAnswer.Failed(new ClusterError(ErrorCode.BadRequest, why)), Self);
            return;
        }

        if (!open.TryOpen(Sender, asked, out var id))
        {
            return;
        }

        view.Refresh();
        Timers.StartPeriodic((nameof(Tick), id), new Tick(id), QuorumBounds.ResendInterval);
        var key = asked.Text(StorageOperations.Key);
        if (asked.Operation == StorageOperations.Where)
        {
            gathers.Add(id, new WhereGather(life + id, key, view.Ring, self));
            Send(gathers[id].Asks);
            return;
        }

        var operation = asked.Operation switch { StorageOperations.Put => QuorumOperation.Put, StorageOperations.Delete => QuorumOperation.Delete, _ => QuorumOperation.Get };
        var call = new QuorumCall(life + id, operation, key, QuorumDial.Of(asked), operation == QuorumOperation.Get ? 0 : Context.System.Random.NextInt64(), asked.Find(StorageOperations.Value))
        {
            Context = seen,
            Token = TokenOf(asked),
            WritesBack = writesBack,
        };
        requests.Add(id, new QuorumRequest(call, view.Ring, self));
        Advance(call.Id, request => request.Begin(view.Away));
    }

    /// <summary>What no declaration of arguments can say; null where nothing is wrong.</summary>
    private static string? WhyNot(ModeRequest asked, string? context, ref ClientContext? seen)
    {
        if (asked.Find(StorageOperations.Token) is { } token && !long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return "token is not one that this mode gave: hand back what the last answer said, or leave it out";
        }

        if (context is null)
        {
            return null;
        }

        return !(context == QuorumMode.NoContext ? (seen = ClientContext.Nothing) is not null : ClientContext.TryParse(context, out seen))
            ? $"context is not one that this mode gave: hand back the context of a read, or say {QuorumMode.NoContext} for none, or leave it out to replace whatever is there"
            : asked.Find(StorageOperations.Value) is { } value && Encoding.UTF8.GetByteCount(value) is var bytes && bytes > QuorumBounds.VersionBytesMax
                ? $"value has {bytes} bytes; with a context it may have {QuorumBounds.VersionBytesMax}, since values side by side travel together"
                : null;
    }

    private static long TokenOf(ModeRequest asked) => asked.Find(StorageOperations.Token) is { } token ? long.Parse(token, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    private void OnTick(long id)
    {
        view.Refresh();
        if (gathers.TryGetValue(id, out var gather))
        {
            // Whoever is heard has had time to answer; of the others that is the answer.
            EndWhere(id, gather, isOver: true);
        }
        else
        {
            Advance(life + id, request => request.Tick(view.Away));
        }
    }

    private void Advance(long number, Func<QuorumRequest, QuorumStep> input)
    {
        if (!requests.TryGetValue(number - life, out var request))
        {
            return; // Its client has its answer.
        }

        var step = input(request);
        Send(step.Sends);
        metrics.Repaired(step.Repairs);
        if (step.Outcome is { } outcome)
        {
            Forget(number - life);
            open.Close(number - life, AnswerOf(request.Call, outcome));
        }
    }

    private static ModeAnswer AnswerOf(QuorumCall call, QuorumOutcome outcome)
    {
        if (outcome.Error is { } error)
        {
            return ModeAnswer.Failed(error);
        }

        var token = Math.Max(call.Token, outcome.Written?.Counter ?? outcome.State.Counter).ToString(CultureInfo.InvariantCulture);
        if (outcome.Written is { } written)
        {
            return ModeAnswer.Ok(new StoredWrite(call.Key, written.ToString()) { Copies = outcome.Copies, Token = token }, StorageJson.Default.StoredWrite);
        }

        var standing = outcome.State.Standing;
        return ModeAnswer.Ok(
            new StoredValue(call.Key, outcome.State.Winner?.Value, outcome.State.Winner?.Tag.ToString())
            {
                Siblings = standing.Length > 1 ? [.. standing.Select(stands => stands.Value).OfType<string>()] : null,
                Context = ClientContext.Of(outcome.State).ToString(),
                Token = token,
            },
            StorageJson.Default.StoredValue);
    }

    private void EndWhere(long id, WhereGather gather, bool isOver)
    {
        if (isOver)
        {
            Forget(id);
            open.Close(id, ModeAnswer.Ok(gather.Picture(), StorageJson.Default.KeyWhereabouts));
        }
    }

    private void Expire(RequestExpired expired)
    {
        if (requests.TryGetValue(expired.Id, out var request))
        {
            Forget(expired.Id);
            open.Expire(expired, request.HadNoEffect, request.Waiting());
        }
    }

    private void Forget(long id)
    {
        Timers.Cancel((nameof(Tick), id));
        requests.Remove(id);
        gathers.Remove(id);
    }

    private void Send(IEnumerable<(string Node, object Message)> sends)
    {
        foreach (var (to, message) in sends.ToList())
        {
            view.Find(Context.System, to)?.Tell(message, Self);
        }
    }

    private sealed record Tick(long Id);
}
