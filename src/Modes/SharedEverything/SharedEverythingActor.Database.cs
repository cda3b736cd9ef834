using System.Globalization;
using Cluster.Modes.Hosting;
using Cluster.Modes.Postgres;
using Cluster.Modes.Storage;
using Npgsql;

namespace Cluster.Modes.SharedEverything;

/// <content>Tasks at the database: beginning them, giving them up, and what their ends say of it.</content>
internal sealed partial class SharedEverythingActor
{
    private readonly HashSet<Attempt> abandoned = [];
    private Attempt? connecting;
    private Attempt? pruning;
    private long lostAt;
    private bool hasWritten;

    private TimeProvider Time => Context.System.Time;

    private void Begin(long id)
    {
        var job = jobs[id];
        var attempt = new Attempt();
        job.Attempt = attempt;
        hasWritten |= job.Order is not null;
        metrics.Began(job.MayHaveCommitted);
        Timers.StartSingle((nameof(AttemptOverdue), id), new AttemptOverdue(id, attempt), options.AttemptTimeout);
        job.Source = source!.Current;
        var (current, figures) = (job.Source, (pool.InUse, pool.Waiting));
        Run(() => AnswerAsync(current, job, attempt, figures), (answer, failure) => new AttemptEnded(id, attempt, answer, failure));
    }

    private void GiveUp(AttemptOverdue overdue)
    {
        if (!jobs.TryGetValue(overdue.Id, out var job) || job.Attempt != overdue.Attempt)
        {
            return;
        }

        var isOpen = !overdue.Attempt.TryAbandon() && job.Order is not null;
        job.Attempt = null;
        Abandon(overdue.Attempt);
        Fail(overdue.Id, job, Overdue(), isOpen);
    }

    /// <summary>It is known to be away now: whoever waits is told, and it is tried again after a while.</summary>
    private void FailConnect(string why)
    {
        if (pool.State != PoolState.Down)
        {
            metrics.Lost();
            lostAt = Time.GetTimestamp();
            node.Tell($"{address} does not answer: {why}");
        }

        Move(pool.ConnectFailed(why));
    }

    private void Connect()
    {
        if (connecting is not null)
        {
            return;
        }

        if (abandoned.Count >= options.AbandonedMax)
        {
            FailConnect($"{abandoned.Count} attempts hang that were given up: the network swallows what is sent to it");
            return;
        }

        var attempt = connecting = new Attempt();
        Timers.StartSingle(nameof(ConnectOverdue), new ConnectOverdue(attempt), options.AttemptTimeout);
        var current = source!.Current;
        Run(
            async () =>
            {
                await RowStore.PrepareAsync(current).ConfigureAwait(false);
                return null;
            },
            (_, failure) => new ConnectEnded(attempt, failure));
    }

    private void EndConnect(ConnectEnded ended)
    {
        if (ended.Attempt != connecting)
        {
            EndAbandoned(ended.Attempt);
            return;
        }

        connecting = null;
        Timers.Cancel(nameof(ConnectOverdue));
        if (ended.Failure is { } failure)
        {
            FailConnect(failure.Why);
            return;
        }

        if (pool.State == PoolState.Down)
        {
            node.Tell(string.Create(CultureInfo.InvariantCulture, $"{address} answers again after {Time.GetElapsedTime(lostAt).TotalSeconds:0.0} s"));
        }

        Timers.StartPeriodic(nameof(PruneDue), new PruneDue(), PruneInterval);
        Move(pool.Connected());
    }

    private void GiveUpConnect(ConnectOverdue overdue)
    {
        if (overdue.Attempt == connecting)
        {
            connecting = null;
            Abandon(overdue.Attempt);
            source!.Renew();
            FailConnect(Overdue().Why);
        }
    }

    private void Prune()
    {
        if (pool.State != PoolState.Up || pruning is not null || !hasWritten)
        {
            return;
        }

        hasWritten = false;
        var attempt = pruning = new Attempt();
        var current = source!.Current;
        var firstOpen = jobs.Values.Where(job => job.Order is not null && job.Order.Session == session).Select(job => job.Order!.Number).DefaultIfEmpty(lastNumber + 1).Min();
        Run(
            async () =>
            {
                await RowStore.PruneAsync(current, session, firstOpen).ConfigureAwait(false);
                return null;
            },
            (_, failure) => new PruneEnded(attempt, failure));
    }

    private void EndPrune(PruneEnded ended)
    {
        pruning = null;
        hasWritten |= ended.Failure is not null;
    }

    /// <summary>The task goes on, and nobody waits for it any more; its end only says that it no longer hangs.</summary>
    private void Abandon(Attempt attempt) => abandoned.Add(attempt);

    private void EndAbandoned(Attempt attempt) => abandoned.Remove(attempt);

    private PostgresFailure Overdue() => new(PostgresFailureKind.Lost, $"no answer within {options.AttemptTimeout.TotalSeconds:0.#} s");

    private async Task<ModeAnswer?> AnswerAsync(NpgsqlDataSource current, RowJob job, Attempt attempt, (int InUse, int Waiting) figures)
    {
        var request = job.Request;
        if (job.Order is { } order)
        {
            return Words(order, await store.WriteAsync(current, order, attempt).ConfigureAwait(false));
        }

        return request.Operation switch
        {
            StorageOperations.Scan => ModeAnswer.Ok(
                await RowStore.ScanAsync(current, request.Find(StorageOperations.Prefix) ?? "", request.Find(StorageOperations.After) ?? "", (int)request.Number(StorageOperations.Limit)).ConfigureAwait(false),
                StorageJson.Default.StoredKeys),
            StorageOperations.Where => ModeAnswer.Ok(
                await store.FindRowAsync(current, request.Text(StorageOperations.Key), $"{address}", figures.InUse, options.PoolSize, figures.Waiting).ConfigureAwait(false),
                StorageJson.Default.KeyWhereabouts),
            _ => ModeAnswer.Ok(await RowStore.ReadAsync(current, request.Text(StorageOperations.Key)).ConfigureAwait(false), StorageJson.Default.StoredValue),
        };
    }

    private ModeAnswer Words(RowOrder order, RowAnswer answer)
    {
        var version = answer.Version?.ToString(CultureInfo.InvariantCulture);
        if (answer.WasDone)
        {
            metrics.FoundAgain();
        }

        return answer.IsConflict
            ? ModeAnswer.Conflict(version is null ? $"no value stands at {order.Key}, or another one by now" : $"another value stands at {order.Key}, at version {version}")
            : ModeAnswer.Ok(new StoredWrite(order.Key, version) { Copies = 1, Replaced = answer.Replaced }, StorageJson.Default.StoredWrite);
    }

    /// <summary>Carries a task out beside the actor and tells the actor its end: an answer, or why there is none.</summary>
    private void Run(Func<Task<ModeAnswer?>> work, Func<ModeAnswer?, PostgresFailure?, object> ended)
    {
        var (self, time, start, took) = (Self, Time, Time.GetTimestamp(), metrics);
        _ = Task.Run(async () =>
        {
            object end;
            try
            {
                end = ended(await work().ConfigureAwait(false), null);
                took.Took(time.GetElapsedTime(start));
            }
            catch (OperationCanceledException)
            {
                end = ended(null, new PostgresFailure(PostgresFailureKind.Lost, "given up"));
            }
            catch (RequestReusedException reused)
            {
                end = ended(ModeAnswer.Conflict(reused.Message), null);
            }
            catch (Exception e) when (PostgresFailure.Of(e) is not null)
            {
                end = ended(null, PostgresFailure.Of(e));
            }
#pragma warning disable CA1031 // Whatever else it ends in, the request has to end with it: a fault of ours is told as one, and nothing is concluded from it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                end = ended(null, new PostgresFailure(PostgresFailureKind.Lost, $"{e.GetType().Name}: {e.Message}"));
            }

            self.Tell(end);
        });
    }
}
