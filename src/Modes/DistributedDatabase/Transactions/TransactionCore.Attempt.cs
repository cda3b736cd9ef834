using System.Collections.Immutable;
using Cluster.Modes.DistributedDatabase.Ranges;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <content>One attempt over several ranges: read, lay, stamp, refresh, decide.</content>
public sealed partial class TransactionCore
{
    private void Attempt()
    {
        epoch++;
        attempts++;
        (looks, commitAt, isLaid) = (0, 0, false);
        values.Clear();
        rows.Clear();
        passed.Clear();
        Phase = "waits for a timestamp";
        Tick(at =>
        {
            start = at;
            priority = priority == 0 ? at : priority;
            Read();
        });
    }

    private void Read()
    {
        Phase = "reads";
        Each(KeysByRange(request.Steps.Where(step => step.Reads).Select(step => step.Key)), Read, Lay);
    }

    private void Read(int range, ImmutableArray<string> keys)
    {
        var spans = Spans();
        Insist(
            range,
            new ReadAt(start, keys, spans, [.. passed.Order(StringComparer.Ordinal)], flaws.IgnoresIntents),
            reply =>
            {
                switch (reply)
                {
                    case ReadDone done:
                        foreach (var (key, value) in keys.Zip(done.Values))
                        {
                            values[key] = value;
                        }

                        foreach (var (span, found) in request.Steps.Where(step => step.IsSpan).Zip(done.Spans))
                        {
                            (rows.TryGetValue(span, out var sofar) ? sofar : rows[span] = []).AddRange(found);
                        }

                        OneDone(Lay);
                        break;
                    case Blocked blocked:
                        Clear(range, blocked, past: start, wounds: false, () => Read(range, keys), stuck: null);
                        break;
                    case Conflicted conflicted:
                        Restart(conflicted.Why);
                        break;
                    default:
                        Restart($"{Keyspace.IdOf(range)} answered {reply.GetType().Name}");
                        break;
                }
            },
            Restart,
            Refuse);
    }

    private void Lay()
    {
        run = StepRun.Of(request.Steps, key => values[key], span => rows.GetValueOrDefault(span) ?? []);
        if (run.Refusal is not null)
        {
            Refuse(run.Refusal);
            return;
        }

        if (run.Changes.Length == 0)
        {
            Finish(TransactionEnd.Committed, null);
            return;
        }

        Phase = "lays intents";
        anchor = AnchorOfRequest;
        isLaid = true;
        var changes = ChangesByRange();
        if (flaws.CommitsFirst)
        {
            // The flaw: the others' intents come after the decision.
            changes = changes.Where(part => part.Key == anchor).ToDictionary();
        }

        Each(changes, Lay, Stamp);
    }

    private void Lay(int range, ImmutableArray<Change> changes)
    {
        ImmutableArray<int>? ranges = range == anchor ? [.. ChangesByRange().Keys.Order()] : null;
        Insist(
            range,
            new Lay(Id, anchor, start, priority, changes, ranges, ranges is null ? null : request.Request, flaws.IgnoresIntents),
            reply =>
            {
                switch (reply)
                {
                    case Laid:
                        OneDone(Stamp);
                        break;
                    case Blocked blocked:
                        Clear(range, blocked, past: 0, wounds: true, () => Lay(range, changes), stuck: Restart);
                        break;
                    case Executed { IsOfBefore: true } of:
                        TakeBack(() => Finish(AnswerOf(of)));
                        break;
                    case Executed { Refusal: { } full }:
                        Refuse(full);
                        break;
                    case Conflicted conflicted:
                        Restart(conflicted.Why);
                        break;
                    case Standing standing:
                        Restart(standing.Why ?? "it was aborted");
                        break;
                    default:
                        Restart($"{Keyspace.IdOf(range)} answered {reply.GetType().Name}");
                        break;
                }
            },
            Restart,
            Refuse);
    }

    /// <summary>Asked for when all intents are there: whoever has a newer timestamp, and reads, meets them.</summary>
    private void Stamp()
    {
        if (request.Pace > TimeSpan.Zero && commitAt == 0)
        {
            Phase = "waits as it was told to, before its decision";
            After(request.Pace, StampNow, isExact: true);
        }
        else
        {
            StampNow();
        }

        void StampNow()
        {
            Phase = "waits for its second timestamp";
            Tick(at =>
            {
                commitAt = at;
                Refresh();
            });
        }
    }

    /// <summary>What it writes itself is guarded by its intents; of what it only read, somebody may have written a newer version since.</summary>
    private void Refresh()
    {
        var own = run.Changes.Select(change => change.Key).ToHashSet(StringComparer.Ordinal);
        var reads = KeysByRange(request.IsSerializable && !flaws.SkipsRefresh ? request.Steps.Where(step => step.Reads && !own.Contains(step.Key)).Select(step => step.Key) : []);
        if (!request.IsSerializable || flaws.SkipsRefresh)
        {
            reads.Clear();
        }

        Phase = "validates what it read";
        Each(reads, Refresh, Decide);
    }

    private void Refresh(int range, ImmutableArray<string> keys) => Insist(
        range,
        new Refresh(Id, start, commitAt, keys, Spans(), flaws.IgnoresIntents),
        reply =>
        {
            switch (reply)
            {
                case Refreshed:
                    OneDone(Decide);
                    break;
                case Blocked blocked:
                    Clear(range, blocked, past: 0, wounds: true, () => Refresh(range, keys), stuck: Restart, isPatient: false);
                    break;
                case Conflicted conflicted:
                    Restart(conflicted.Why);
                    break;
                default:
                    Restart($"{Keyspace.IdOf(range)} answered {reply.GetType().Name}");
                    break;
            }
        },
        Restart,
        Refuse);

    private void Decide()
    {
        Phase = "decides";
        (mayHaveTakenEffect, sentAgain) = (true, 0);
        Insist(
            anchor,
            new Commit(Id, commitAt, request.Request, request.Request is null ? [] : run.Results),
            reply =>
            {
                switch (reply)
                {
                    case Standing { Status: TransactionStatus.Committed } done:
                        commitAt = done.At;
                        isDecided = true;
                        Tell(TransactionEnd.Committed, null);
                        Resolve();
                        break;
                    case Standing { Status: TransactionStatus.Pending }:
                        mayHaveTakenEffect = false;
                        Stamp(); // Somebody has read at its timestamp or later: it needs a newer one.
                        break;
                    case Standing { IsTombstone: true } when sentAgain > 0:
                        Finish(TransactionEnd.Unknown, $"{Keyspace.IdOf(anchor)} has not answered, and others have ended {Id} meanwhile: committed and forgotten, or aborted");
                        break;
                    case Standing { Status: TransactionStatus.Aborted } aborted:
                        mayHaveTakenEffect = false;
                        Restart(aborted.Why ?? "it was aborted");
                        break;
                    case Executed of:
                        mayHaveTakenEffect = false;
                        TakeBack(() => Finish(AnswerOf(of)));
                        break;
                    default:
                        Finish(TransactionEnd.Unknown, $"{Keyspace.IdOf(anchor)} does not know {Id} any more");
                        break;
                }
            },
            why => Finish(TransactionEnd.Unknown, why),
            why =>
            {
                if (sentAgain > 0)
                {
                    Finish(TransactionEnd.Unknown, why);
                }
                else
                {
                    mayHaveTakenEffect = false;
                    Refuse(why);
                }
            });
    }

    private void Resolve()
    {
        if (request.Pace > TimeSpan.Zero)
        {
            Phase = "waits as it was told to, after its decision";
            After(request.Pace, ResolveNow, isExact: true);
        }
        else
        {
            ResolveNow();
        }

        void ResolveNow()
        {
            Phase = "resolves its intents";
            var changes = ChangesByRange();
            changes.Remove(anchor); // Its own went with the decision.
            Each(
                changes,
                (range, part) =>
                {
                    if (flaws.CommitsFirst)
                    {
                        Ask(range, new Lay(Id, anchor, start, priority, part, null, null, IgnoresIntents: true), static _ => { }, static _ => { });
                    }

                    Insist(range, new Resolve(Id, commitAt), _ => OneDone(ForgetIt), _ => Leave());
                },
                ForgetIt);
        }

        void ForgetIt() => Insist(anchor, new Forget(Id, ByOwner: true), _ => Leave(), _ => Leave());
    }

    /// <summary>
    /// A step forbids it, or a range cannot hold it. Where it carries a request's id, its anchor has the last word: another coordinator may have carried the request out, and what this one read may be its doing.
    /// </summary>
    private void Refuse(string why) => TakeBack(() =>
    {
        if (request.Request is not { } id || !request.Steps.Any(step => step.IsWrite))
        {
            Finish(TransactionEnd.Refused, why);
            return;
        }

        Phase = "is refused";
        Insist(AnchorOfRequest, new RefuseRequest(id, why), reply => Finish(AnswerOf((Executed)reply)), silent => Finish(TransactionEnd.Unknown, silent));
    });

    /// <summary>Whoever is told to try again has waited for it: better to begin anew here, in the same place among the others, as long as there is time.</summary>
    private void Restart(string why) => TakeBack(() =>
    {
        if (attempts >= MostAttempts || isOutOfTime)
        {
            Finish(TransactionEnd.Retry, $"it met others {attempts} times; the last: {why}");
        }
        else
        {
            Phase = "waits to begin anew";
            After(Backoff(attempts), Attempt);
        }
    });

    /// <summary>Takes the intents of this attempt away. Where that is not heard, whoever meets them does.</summary>
    private void TakeBack(Action then)
    {
        epoch++;
        if (!isLaid)
        {
            then();
            return;
        }

        Phase = "takes its intents back";
        isLaid = false;
        var (id, isGone) = (Id, true);
        var others = ChangesByRange();
        others.Remove(anchor); // Its own go with the abort.
        Insist(anchor, new Abort(id), _ => Each(others, ResolveOne, Gone), _ => then());

        void ResolveOne(int range, ImmutableArray<Change> part) => Insist(
            range,
            new Resolve(id, null),
            _ => OneDone(Gone),
            _ =>
            {
                isGone = false; // The record stays for whoever meets what is left there.
                OneDone(Gone);
            });

        void Gone()
        {
            if (isGone)
            {
                Insist(anchor, new Forget(id, ByOwner: true), _ => then(), _ => then());
            }
            else
            {
                then();
            }
        }
    }

    /// <summary>The same for every coordinator of a request.</summary>
    private int AnchorOfRequest => Keyspace.RangeOf(request.Steps.First(step => step.IsWrite).Key);

    private Dictionary<int, ImmutableArray<Change>> ChangesByRange() =>
        run.Changes.GroupBy(change => Keyspace.RangeOf(change.Key)).ToDictionary(part => part.Key, part => part.ToImmutableArray());

    /// <summary>With a scan or a lookup, all ranges.</summary>
    private Dictionary<int, ImmutableArray<string>> KeysByRange(IEnumerable<string> keys)
    {
        var byRange = keys.Distinct(StringComparer.Ordinal).GroupBy(Keyspace.RangeOf).ToDictionary(part => part.Key, part => part.ToImmutableArray());
        if (request.Steps.Any(step => step.IsSpan))
        {
            for (var range = 0; range < Keyspace.Ranges; range++)
            {
                byRange.TryAdd(range, []);
            }
        }

        return byRange;
    }

    /// <summary>One row more than is wanted tells whether there are more, and each key that this transaction writes itself may take one away.</summary>
    private ImmutableArray<Step> Spans() => [.. request.Steps.Where(step => step.IsSpan).Select(step => step with { Limit = step.Limit + 1 + request.Steps.Count(other => other.IsWrite) })];

    /// <summary>Begins something at each range; whoever is through says <see cref="OneDone"/>.</summary>
    private void Each<T>(Dictionary<int, T> parts, Action<int, T> begin, Action allDone)
    {
        left = parts.Count;
        if (left == 0)
        {
            allDone();
            return;
        }

        foreach (var (range, part) in parts.OrderBy(part => part.Key))
        {
            begin(range, part);
        }
    }

    private void OneDone(Action allDone)
    {
        if (--left == 0)
        {
            allDone();
        }
    }
}
