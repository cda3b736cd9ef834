using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Timestamps;
using Cluster.Shared.Results;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>
/// The coordinator of one transaction, pure: what it is told (ticks, replies, that time has passed) makes it say what is to be done. It reads at one timestamp, lays intents, asks for a second timestamp, validates what it
/// read up to that, and decides in its anchor range (Percolator 2.2; CockroachDB, SIGMOD 2020, 3.1 to 3.4). It keeps nothing that matters: wherever it dies, the record says what comes of its intents.
/// </summary>
/// <remarks>A transaction of one range is one entry there, decided and written at once. One that only reads ends with its reads.</remarks>
public sealed partial class TransactionCore(TransactionRequest request, CoordinatorFlaws flaws)
{
    /// <summary>Times that it begins anew before its client is told to try again: by then it has met a dozen others, and keeps its place among the oldest.</summary>
    public const int MostAttempts = 12;

    /// <summary>Times that it looks again at an intent that is in its way before it begins anew, which frees what it holds itself.</summary>
    private const int MostLooks = 20;

    /// <summary>Times that an intent is met whose record is not there before that is taken for an answer: the record comes with the first intents, a round later at most.</summary>
    private const int MostMissing = 4;

    /// <summary>Times that what was not answered is sent again: together longer than a failover of a shard.</summary>
    private const int MostAgain = 8;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<int, (int Epoch, Action<RangeReply> Then, Action<ClusterError> Failed)> calls = [];
    private readonly Dictionary<int, (int Epoch, Action Then)> waits = [];
    private readonly Queue<(int Epoch, Action<long> Then)> ticks = new();
    private readonly List<TransactionEffect> due = [];

    private readonly Dictionary<string, string?> values = new(StringComparer.Ordinal);
    private readonly Dictionary<Step, List<FoundRow>> rows = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> passed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> missing = new(StringComparer.Ordinal);

    /// <summary>What belongs to an attempt that was given up is not heard any more.</summary>
    private int epoch;
    private int lastNumber;
    private int attempts;
    private int looks;
    private int left;
    private long start;
    private long priority;
    private long commitAt;
    private StepRun run = new([], [], null);
    private int anchor;
    private bool isLaid;
    private bool isDecided;
    private bool mayHaveTakenEffect;
    private bool isTold;
    private bool isOutOfTime;

    /// <summary>Times that a call was sent again since the decision was asked for.</summary>
    private int sentAgain;

    /// <summary>How far it is, in a word, for whoever watches.</summary>
    public string Phase { get; private set; } = "begins";

    /// <summary>How often it met another's intent.</summary>
    public int Met { get; private set; }

    /// <summary>How often it began anew.</summary>
    public int Restarts => Math.Max(0, attempts - 1);

    private string Id => FormattableString.Invariant($"{request.Id}.{attempts}");

    public IReadOnlyList<TransactionEffect> Begin() => Do(() =>
    {
        if (request.Steps.Any(step => step.IsWrite) && !request.Steps.Any(step => step.IsSpan) && request.Steps.Select(step => Keyspace.RangeOf(step.Key)).Distinct().Count() == 1)
        {
            Phase = "one phase";
            attempts = 1;
            if (request.InRealTime)
            {
                Tick(tick => Execute(tick));
            }
            else
            {
                Execute(0);
            }
        }
        else
        {
            Attempt();
        }
    });

    public IReadOnlyList<TransactionEffect> Ticked(long tick) => Do(() =>
    {
        var (of, then) = ticks.Dequeue();
        if (of == epoch)
        {
            then(Timestamp.OfTick(tick));
        }
    });

    /// <summary>The oracle has not answered. It is asked again: what was laid meanwhile stays.</summary>
    public IReadOnlyList<TransactionEffect> NotTicked() => Do(() =>
    {
        var (of, then) = ticks.Dequeue();
        if (of == epoch)
        {
            After(AgainAfter, () => Tick(then));
        }
    });

    public IReadOnlyList<TransactionEffect> Replied(int call, RangeReply reply) => Do(() =>
    {
        if (calls.Remove(call, out var asked) && asked.Epoch == epoch)
        {
            asked.Then(reply);
        }
    });

    /// <summary>A range has not answered a call, or refused it.</summary>
    public IReadOnlyList<TransactionEffect> Failed(int call, ClusterError error) => Do(() =>
    {
        if (calls.Remove(call, out var asked) && asked.Epoch == epoch)
        {
            asked.Failed(error);
        }
    });

    public IReadOnlyList<TransactionEffect> Waited(int ticket) => Do(() =>
    {
        if (waits.Remove(ticket, out var waiting) && waiting.Epoch == epoch)
        {
            waiting.Then();
        }
    });

    /// <summary>The client waits no longer. What is not decided is taken back; what may be is finished.</summary>
    public IReadOnlyList<TransactionEffect> OutOfTime() => Do(() =>
    {
        isOutOfTime = true;
        if (isTold)
        {
            return;
        }

        if (mayHaveTakenEffect)
        {
            Tell(TransactionEnd.Unknown, $"its decision was asked for, and {Keyspace.IdOf(anchor)} has not answered in time");
        }
        else
        {
            TakeBack(() => Finish(TransactionEnd.Retry, $"it was not through in time: it {Phase}"));
        }
    });

    /// <summary>Time to say that it is alive.</summary>
    public IReadOnlyList<TransactionEffect> Beat() => Do(() =>
    {
        if (isLaid && !isDecided)
        {
            Ask(anchor, new Beat(Id), static _ => { }, static _ => { });
        }
    });

    private void Execute(long notBefore)
    {
        anchor = Keyspace.RangeOf(request.Steps[0].Key);
        mayHaveTakenEffect = true;
        Ask(
            anchor,
            new Execute(request.Request, notBefore, request.Steps, flaws.IgnoresIntents),
            reply =>
            {
                mayHaveTakenEffect = false;
                switch (reply)
                {
                    case Executed done:
                        isDecided = true;
                        Finish(AnswerOf(done) with { IsOnePhase = true });
                        break;
                    case Blocked blocked:
                        Clear(anchor, blocked, past: 0, wounds: false, () => Execute(notBefore), stuck: null);
                        break;
                    case TickNeeded:
                        Tick(Execute);
                        break;
                    default:
                        Finish(TransactionEnd.Retry, $"{Keyspace.IdOf(anchor)} answered {reply.GetType().Name}");
                        break;
                }
            },
            error => Finish(IsRefusal(error) ? TransactionEnd.Refused : error.Code == ErrorCode.OutcomeUnknown ? TransactionEnd.Unknown : TransactionEnd.Retry, error.Message));
    }

    private TransactionAnswer AnswerOf(Executed done) => new(done.Refusal is null ? TransactionEnd.Committed : TransactionEnd.Refused, done.At, done.Results, attempts, done.Refusal);

    /// <summary>A range that has refused a call has not carried it out, and would refuse it again: it is too long, or asks for too much.</summary>
    private static bool IsRefusal(ClusterError error) => error.Code == ErrorCode.Conflict;

    private IReadOnlyList<TransactionEffect> Do(Action step)
    {
        step();
        TransactionEffect[] effects = [.. due];
        due.Clear();
        return effects;
    }

    private void Ask(int range, RangeCommand command, Action<RangeReply> then, Action<ClusterError> failed)
    {
        calls.Add(++lastNumber, (epoch, then, failed));
        due.Add(new CallRange(range, command with { Call = lastNumber }));
    }

    /// <summary>Asks until there is an answer. Only for what may be carried out twice.</summary>
    /// <param name="refused">The call itself is refused; null: that is no answer either.</param>
    private void Insist(int range, RangeCommand command, Action<RangeReply> then, Action<string> never, Action<string>? refused = null, int again = 0) => Ask(range, command, then, error =>
    {
        if (IsRefusal(error))
        {
            (refused ?? never)($"{Keyspace.IdOf(range)}: {error.Message}");
        }
        else if (again < MostAgain)
        {
            sentAgain++;
            After(AgainAfter, () => Insist(range, command, then, never, refused, again + 1));
        }
        else
        {
            never($"{Keyspace.IdOf(range)} does not answer: {error.Message}");
        }
    });

    private void Tick(Action<long> then)
    {
        ticks.Enqueue((epoch, then));
        due.Add(new AskTick());
    }

    private void After(TimeSpan time, Action then, bool isExact = false)
    {
        waits.Add(++lastNumber, (epoch, then));
        due.Add(new Wait(time, lastNumber, isExact));
    }

    private void Tell(TransactionEnd end, string? why) => Tell(new TransactionAnswer(end, commitAt == 0 ? start : commitAt, run.Results, attempts, why));

    private void Tell(TransactionAnswer answer)
    {
        if (!isTold)
        {
            isTold = true;
            due.Add(new TellClient(answer));
        }
    }

    private void Finish(TransactionEnd end, string? why)
    {
        Tell(end, why);
        Leave();
    }

    private void Finish(TransactionAnswer answer)
    {
        Tell(answer);
        Leave();
    }

    private void Leave()
    {
        Phase = "has ended";
        epoch++;
        due.Add(new EndHere());
    }
}
