using System.Collections.Immutable;
using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Timestamps;
using Cluster.Modes.DistributedDatabase.Transactions;
using Cluster.Shared.Results;

namespace Cluster.Modes.Tests.DistributedDatabase;

/// <summary>
/// All ranges and the oracle, and coordinators whose messages arrive in an order that chance chooses, late, or not at all. What happens is noted as it happens in the ranges, so that what a dead coordinator has done
/// is known, too. Every state and event goes through its JSON, as in a log.
/// </summary>
internal sealed class DatabaseWorld(int seed)
{
    private readonly Random random = new(seed);
    private readonly RangeDecider ranges = new();
    private readonly TimestampCore oracle = new();
    private readonly Dictionary<int, RangeState> states = [];
    private readonly List<Coordinator> coordinators = [];
    private OracleState ticks = new TimestampCore().Empty;
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Of a hundred calls, so many are not answered, with or without effect.</summary>
    public int LostPercent { get; init; }

    public CoordinatorFlaws Flaws { get; init; } = CoordinatorFlaws.None;

    /// <summary>What has committed, in whatever order.</summary>
    public List<Done> Committed { get; } = [];

    /// <summary>What happened, a line each.</summary>
    public List<string> Trace { get; } = [];

    public int Messages { get; private set; }

    public bool IsBusy => coordinators.Exists(one => one.IsAlive);

    public RangeState At(int range) => states.GetValueOrDefault(range, ranges.Empty);

    public Coordinator Begin(string id, bool serializable, params IEnumerable<Step> steps) => Begin(new TransactionRequest(id, null, [.. steps], serializable, InRealTime: true, TimeSpan.Zero));

    public Coordinator Begin(TransactionRequest request)
    {
        var one = new Coordinator(request, new TransactionCore(request, Flaws), Messages);
        coordinators.Add(one);
        Do(one, one.Core.Begin());
        return one;
    }

    /// <summary>Until nobody has anything to do.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>One message, chosen by chance; false: there is none.</summary>
    public bool Step() => coordinators.Where(one => one.IsAlive && one.HasWork).ToList() is { Count: > 0 } ready && Step(ready[random.Next(ready.Count)]);

    /// <summary>One message of this coordinator; false: it has none.</summary>
    public bool Step(Coordinator chosen)
    {
        if (!chosen.IsAlive || !chosen.HasWork)
        {
            return false;
        }

        now += TimeSpan.FromMilliseconds(random.Next(3));
        switch (chosen.Next(random))
        {
            case CallRange call:
                Messages++;
                if (chosen.DiesAt == Messages && chosen.DiesUnheard)
                {
                    chosen.Kill();
                    return true;
                }

                var isLost = random.Next(100) < LostPercent;
                var reply = isLost && random.Next(2) == 0 ? null : Ask(call.Range, call.Command, chosen);
                if (chosen.DiesAt == Messages)
                {
                    chosen.Kill();
                    return true;
                }

                Do(chosen, isLost || reply is null ? chosen.Core.Failed(call.Command.Call, new ClusterError(ErrorCode.OutcomeUnknown, "lost")) : chosen.Core.Replied(call.Command.Call, reply));
                break;
            case AskTick:
                Do(chosen, chosen.Core.Ticked(Tick()));
                break;
            case Wait wait:
                now += wait.Time;
                Do(chosen, chosen.Core.Waited(wait.Ticket));
                break;
        }

        return true;
    }

    /// <summary>The client of a coordinator waits no longer.</summary>
    public void GiveUp(Coordinator one) => Do(one, one.Core.OutOfTime());

    /// <summary>What a node that looks for what was left does, long after.</summary>
    public void TidyUp()
    {
        for (var look = 0; look < 3; look++)
        {
            now += TimeSpan.FromSeconds(60); // Also what the look before has ended is old by then.
            for (var range = 0; range < Keyspace.Ranges; range++)
            {
                var stalled = (Stalled)Ask(range, new FindStalled(100));
                foreach (var record in stalled.Records)
                {
                    var end = (Standing)Ask(range, new Push(record.Id, record.Start, 0, null, EndsMissing: false));
                    foreach (var part in record.Ranges)
                    {
                        Ask(part, new Resolve(record.Id, end.Status == TransactionStatus.Committed ? end.At : null));
                    }

                    Ask(range, new Forget(record.Id, ByOwner: false));
                }

                foreach (var intent in stalled.Intents)
                {
                    var end = (Standing)Ask(intent.Anchor, new Push(intent.Transaction, intent.Start, 0, null, EndsMissing: true));
                    Ask(range, new Resolve(intent.Transaction, end.Status == TransactionStatus.Committed ? end.At : null));
                }
            }
        }
    }

    public long Tick()
    {
        var decided = oracle.Decide(ticks, new AllotTicks(1), new EntityContext(TimestampCore.Id, now));
        ticks = decided.Events.Aggregate(ticks, oracle.Apply);
        return ((TicksAllotted)decided.Reply!).First;
    }

    public RangeReply Ask(int range, RangeCommand command, Coordinator? by = null)
    {
        var decided = ranges.Decide(At(range), Copy(command), new EntityContext(Keyspace.IdOf(range), now));
        Assert.Null(decided.Refusal);
        foreach (var happens in decided.Events)
        {
            states[range] = Copy(ranges.Apply(At(range), Copy(happens)));
            if (happens is Written written)
            {
                Committed.Add(new Done(by!.Request.Id, written.At, by.Request.Steps, ((Executed)decided.Reply!).Results));
            }
            else if (happens is Committed committed)
            {
                Committed.Add(new Done(by!.Request.Id, committed.At, by.Request.Steps, ((Commit)command).Results));
            }
        }

        var reply = (RangeReply)decided.Reply!;
        Assert.Equal(command.Call, reply.Call);
        Trace.Add($"{by?.Request.Id ?? "-",-3} {Keyspace.IdOf(range),-4} {command.GetType().Name,-10} {Words(reply),-40} {string.Join(", ", decided.Events.Select(happens => happens.GetType().Name))}".TrimEnd());
        return (RangeReply)Copy((object)reply);
    }

    private static string Words(RangeReply reply) => reply switch
    {
        ReadDone read => $"read {string.Join(' ', read.Values.Select(value => value ?? "-"))}",
        Standing standing => $"{standing.Status}{(standing.At > 0 ? $" {Timestamp.Text(standing.At)}" : "")}{(standing.Why is { Length: > 0 } why ? $": {why}" : "")}",
        Conflicted conflicted => $"conflict: {conflicted.Why}",
        Blocked blocked => $"blocked by {string.Join(' ', blocked.By.Select(by => by.Transaction))}",
        Executed executed => executed.Refusal ?? $"executed at {Timestamp.Text(executed.At)}",
        _ => reply.GetType().Name.ToLowerInvariant(),
    };

    private void Do(Coordinator one, IReadOnlyList<TransactionEffect> effects)
    {
        foreach (var effect in effects)
        {
            if (effect is TellClient tell)
            {
                Assert.Null(one.Told);
                one.Told = tell.Answer;
                if (tell.Answer.End == TransactionEnd.Committed && !one.Request.Steps.Any(step => step.IsWrite))
                {
                    Committed.Add(new Done(one.Request.Id, tell.Answer.At, one.Request.Steps, tell.Answer.Results));
                }
            }
            else if (effect is EndHere)
            {
                one.Kill();
            }
            else
            {
                one.Add(effect);
            }
        }
    }

    private static T Copy<T>(T one)
        where T : class => (T)JsonSerializer.Deserialize(JsonSerializer.Serialize(one, one.GetType(), DatabaseJson.Default), one.GetType(), DatabaseJson.Default)!;

    /// <summary>What has committed.</summary>
    public sealed record Done(string Id, long At, ImmutableArray<Step> Steps, ImmutableArray<StepResult> Results);
}
