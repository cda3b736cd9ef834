using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Streams;
using Cluster.Shared.Wire;

namespace Cluster.Modes.Cqrs;

/// <summary>Takes events of one partition of the event store into one view: asks the view where it stands, reads on from there, and has it advance. It keeps nothing, so anybody may go on for it.</summary>
internal sealed class ProjectorActor(CqrsServices services, string projection, long generation, int partition) : Actor
{
    /// <summary>Events of one advance: one entry of the view's log.</summary>
    private const int MaxEvents = 200;

    private const int FetchBytes = 128 * 1024;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(30);

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(200);

    /// <summary>Of the broken variant that notes positions apart from rows.</summary>
    private static readonly TimeSpan NoteEvery = TimeSpan.FromMilliseconds(300);

    private readonly string view = CqrsServices.View(projection, generation, partition);
    private readonly string events = CqrsServices.Events(partition);
    private ulong position;
    private ulong? noted;
    private DateTimeOffset noteAt;

    protected override void PreStart() => services.Views.Tell(new ToEntity(view, new WhereIs()), Self);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ViewPosition where:
                position = where.Position;
                noted ??= position;
                GoOn();
                break;
            case LogReply { Status: LogStatus.Ok, Batches.Count: > 0 } fetched:
                Take(fetched);
                break;
            case LogReply:
                Timers.StartSingle(nameof(Look), Look.Instance, LookAgain);
                break;
            case Look:
                GoOn();
                break;
            case EntityRefused refused:
                services.Tell($"projection {projection} stands still at {position} of {events}: {refused.Reason}");
                Timers.StartSingle(nameof(Restart), Restart.Instance, TimeSpan.FromSeconds(5));
                break;
            case EntityUnavailable or LogUnavailable:
                Timers.StartSingle(nameof(Restart), Restart.Instance, AskAgain);
                break;
            case Restart:
                noted = null;
                services.Views.Tell(new ToEntity(view, new WhereIs()), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Reads on; the broken variant first notes, where that is due, how far its rows have come.</summary>
    private void GoOn()
    {
        if (services.NotesPositionsApart && noted is { } from && from != position && Context.System.Time.GetUtcNow() >= noteAt)
        {
            noted = position;
            noteAt = Context.System.Time.GetUtcNow() + NoteEvery;
            services.Views.Tell(new ToEntity(view, new Project(from, position, [])), Self);
        }
        else
        {
            services.Log.Tell(LogSteps.Fetch(events, position, FetchBytes), Self, isStale: true);
        }
    }

    private void Take(LogReply fetched)
    {
        var changes = new List<RowChange>();
        var to = position;
        var now = Context.System.Time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (record, atMs) in fetched.Records(position).Take(MaxEvents))
        {
            var happened = JsonSerializer.Deserialize(record.Value.Span, CqrsJson.Default.OrderEvent)!;
            if (OrderProjections.Change(projection, LogSteps.KeyOf(record)!, happened) is { } change)
            {
                changes.Add(change);
            }

            to = record.Offset + 1;
            services.LagMs.Record(now - atMs, new KeyValuePair<string, object?>("projection", projection));
        }

        services.Projected.Add((long)(to - position));
        services.Views.Tell(new ToEntity(view, new Project(position, to, [.. changes], services.NotesPositionsApart)), Self);
    }

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }

    private sealed class Restart
    {
        public static readonly Restart Instance = new();
    }
}
