using Cluster.Modes.DistributedDatabase;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Transactions;
using Cluster.Shared.Results;

namespace Cluster.Modes.Tests.DistributedDatabase;

/// <summary>What a coordinator, or a reader, makes of single answers.</summary>
public class CoordinatorTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 100).Select(number => $"a{number}").DistinctBy(Keyspace.RangeOf).Take(3)];
    private static readonly ClusterError TooLong = new(ErrorCode.Conflict, "the command has 1200000 bytes, at most 1048576 fit");
    private static readonly ClusterError Silence = new(ErrorCode.OutcomeUnknown, "no answer");
    private static readonly Standing Tombstone = new(TransactionStatus.Aborted, 0, "left alone") { IsTombstone = true };

    private readonly List<TransactionEffect> effects = [];
    private long tick;

    [Fact]
    public void A_record_that_was_aborted_after_its_commit_was_forgotten_does_not_make_a_reader_see_the_past()
    {
        var read = new KeyReadCore(Keys[0]);
        read.Begin();
        Assert.IsType<Look>(read.Replied(new Peeked("old", 1, new Blocker("t", 2, 1, Keys[0]), "new"))!.Command);
        Assert.IsType<Peek>(read.Replied(Tombstone)!.Command);
        Assert.Null(read.Replied(new Peeked("new", 5, null, null)));
        Assert.Equal(("new", 5L), read.Answer);
    }

    [Fact]
    public void A_reader_believes_an_abort_while_the_intent_is_there()
    {
        var read = new KeyReadCore(Keys[0]);
        read.Begin();
        var blocked = new Peeked("old", 1, new Blocker("t", 2, 1, Keys[0]), "new");
        read.Replied(blocked);
        read.Replied(Tombstone);
        Assert.Null(read.Replied(blocked));
        Assert.Equal(("old", 1L), read.Answer);
    }

    [Fact]
    public void A_decision_that_was_not_heard_and_then_meets_a_tombstone_is_unknown()
    {
        var decisions = 0;
        var told = Play(Writes(), call => call.Command is not Commit ? Usual(call) : ++decisions == 1 ? Silence : Tombstone);
        Assert.Equal((TransactionEnd.Unknown, 2), (told.End, decisions));
    }

    [Fact]
    public void A_decision_that_meets_a_tombstone_at_once_was_not_made_and_it_begins_anew()
    {
        var decisions = 0;
        var told = Play(Writes(), call => call.Command is Commit && ++decisions == 1 ? Tombstone : Usual(call));
        Assert.Equal((TransactionEnd.Committed, 2), (told.End, told.Attempts));
    }

    [Theory]
    [InlineData(typeof(ReadAt))]
    [InlineData(typeof(Lay))]
    [InlineData(typeof(Commit))]
    public void What_is_too_long_for_a_range_is_refused_once_and_for_all(Type command)
    {
        var asked = 0;
        var told = Play(Writes(), call => 
        {
            asked += call.Command.GetType() == command ? 1 : 0;
            return call.Command.GetType() == command ? TooLong : Usual(call);
        });
        Assert.Equal(TransactionEnd.Refused, told.End);
        Assert.EndsWith(TooLong.Message, told.Why, StringComparison.Ordinal);
        Assert.InRange(asked, 1, 3);
        Assert.True(command == typeof(ReadAt) || effects.OfType<CallRange>().Any(call => call.Command is Abort), "its intents are left");
    }

    [Fact]
    public void What_was_read_travels_with_a_decision_only_for_who_may_ask_again()
    {
        Play(Writes(), Usual);
        Assert.Empty(Assert.Single(effects.OfType<CallRange>(), call => call.Command is Commit).Command is Commit without ? without.Results : []);
        effects.Clear();
        Play(Writes() with { Request = "request" }, Usual);
        Assert.Equal(3, Assert.Single(effects.OfType<CallRange>(), call => call.Command is Commit).Command is Commit with ? with.Results.Length : 0);
    }

    [Fact]
    public void A_pace_is_kept_to_the_instant()
    {
        Play(Writes() with { Pace = TimeSpan.FromSeconds(3) }, Usual);
        var waits = effects.OfType<Wait>().ToList();
        Assert.Equal(2, waits.Count);
        Assert.All(waits, wait => Assert.True(wait.IsExact && wait.Time == TimeSpan.FromSeconds(3)));
    }

    private static TransactionRequest Writes() =>
        new("t", null, [new Step(StepKind.Read, Keys[0]), new Step(StepKind.Put, Keys[1], "v"), new Step(StepKind.Put, Keys[2], "v")], true, true, TimeSpan.Zero);

    /// <summary>What empty ranges answer: a reply, or an error.</summary>
    private static object Usual(CallRange call) => call.Command switch
    {
        ReadAt read => new ReadDone([.. read.Keys.Select(static _ => (string?)null)], []),
        Lay => new Laid(),
        Refresh => new Refreshed(),
        Commit commit => new Standing(TransactionStatus.Committed, commit.At, null),
        _ => new Noted(),
    };

    private static IReadOnlyList<TransactionEffect> Hear(TransactionCore core, CallRange call, object answer) =>
        answer is ClusterError error ? core.Failed(call.Command.Call, error) : core.Replied(call.Command.Call, (RangeReply)answer);

    private TransactionAnswer Play(TransactionRequest request, Func<CallRange, object> answer)
    {
        var core = new TransactionCore(request, CoordinatorFlaws.None);
        var queue = new Queue<TransactionEffect>(core.Begin());
        TransactionAnswer? told = null;
        while (queue.TryDequeue(out var effect))
        {
            effects.Add(effect);
            told ??= (effect as TellClient)?.Answer;
            var next = effect switch
            {
                AskTick => core.Ticked(++tick),
                Wait wait => core.Waited(wait.Ticket),
                CallRange call => Hear(core, call, answer(call)),
                _ => [],
            };
            foreach (var one in next)
            {
                queue.Enqueue(one);
            }
        }

        return told!;
    }
}
