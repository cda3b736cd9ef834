using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>
/// The state that one partition is the change log of, as this node has it. It reads on from where it was each time somebody asks, so it lives on, and a node that has none replays the log from its start: both must
/// be equal at one offset. Whoever asks for the latest is answered by a read that began after the question; all that wait meanwhile share the next one.
/// </summary>
internal sealed class TableActor(LogBasedServices services, string topic, int partition) : Actor
{
    /// <summary>A table that nobody asks for is forgotten: it can be replayed.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    /// <summary>Who waits for the next read, while others are served by the one before, as many as the door serves of other requests: a leader that is away holds them up, and the door counts them no more.</summary>
    public const int MaxWaiting = 2_000;

    private readonly TableView view = new(topic, partition);
    private readonly Round latest = new(IsLatest: true);
    private readonly Round nearby = new(IsLatest: false);
    private int replayed;

    protected override void PreStart() => Context.SetReceiveTimeout(Idle);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case TableQuestion question when RoundOf(question.IsLatest).Waiting.Count == MaxWaiting:
                Refuse(question);
                break;
            case TableQuestion question:
                var round = RoundOf(question.IsLatest);
                round.Waiting.Add(question);
                BeginWhereNobodyIsServed(round);
                break;
            case TableRead read:
                Take(RoundOf(read.IsLatest), read);
                break;
            case ReceiveTimeout:
                Context.Parent.Tell(new TableIdle(topic, partition), Self);
                break;
            case StopTable when latest.IsIdle && nearby.IsIdle:
                Context.Stop(Self);
                break;
            case StopTable:
                break; // Somebody asked meanwhile: it will be idle again.
            default:
                Unhandled(message);
                break;
        }
    }

    private void Refuse(TableQuestion question)
    {
        if (question is not PeekOfTable) // Whoever looks is told by silence.
        {
            question.Client.Tell(
                ModeAnswer.Failed(new ClusterError(ErrorCode.Overloaded, FormattableString.Invariant($"{MaxWaiting} requests wait on this node for what partition {partition} of {topic} has, the most that may: ask another node, or later"))), Self);
        }
    }

    private Round RoundOf(bool isLatest) => isLatest ? latest : nearby;

    private void BeginWhereNobodyIsServed(Round round)
    {
        if (round.Served.Count > 0 || round.Waiting.Count == 0)
        {
            return;
        }

        (round.Served, round.Waiting, round.Target) = (round.Waiting, [], null);
        replayed = round.IsLatest ? 0 : replayed;
        Read(round);
    }

    private void Read(Round round)
    {
        var (log, name, from, isLatest) = (services.Log, TopicPartitions.Name(topic, partition), view.Offset, round.IsLatest);
        Context.ActorOf(Props.Create(() => new TableReadActor(log, name, from, isLatest)));
    }

    private void Take(Round round, TableRead read)
    {
        switch (read.Reply)
        {
            case LogReply { Status: LogStatus.OutOfRange } gone when read.From < gone.Start:
                if (view.Offset < gone.Start)
                {
                    view.BeginAnew(gone.Start);
                }

                Read(round);
                return;
            case LogReply { Status: LogStatus.OutOfRange } when !round.IsLatest:
                break; // The replica has not come to where this view is: there is nothing new.
            case LogReply reply when LogAnswers.Refusal(reply) is { } refusal:
                End(round, refusal);
                return;
            case LogReply reply:
                replayed += view.Take(read.From, reply);
                round.Target ??= reply.End;
                if (view.Offset < round.Target)
                {
                    Read(round);
                    return;
                }

                break;
            case LogUnavailable unavailable:
                End(round, ModeAnswer.Failed(unavailable.Error));
                return;
        }

        End(round, refusal: null);
    }

    private void End(Round round, ModeAnswer? refusal)
    {
        foreach (var question in round.Served)
        {
            if (refusal is null || question is not PeekOfTable)
            {
                question.Client.Tell(refusal ?? view.Answer(question, replayed), Self);
            }
        }

        round.Served = [];
        BeginWhereNobodyIsServed(round);
    }

    /// <summary>One kind of read: at most one under way.</summary>
    private sealed record Round(bool IsLatest)
    {
        /// <summary>They asked before the read that is under way began.</summary>
        public List<TableQuestion> Served { get; set; } = [];

        /// <summary>They asked after it.</summary>
        public List<TableQuestion> Waiting { get; set; } = [];

        /// <summary>Where the log ended when it was first read for those who are served.</summary>
        public ulong? Target { get; set; }

        public bool IsIdle => Served.Count == 0 && Waiting.Count == 0;
    }
}
