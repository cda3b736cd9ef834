using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Streams;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Modes.LogBased;

/// <summary>
/// The state that one partition is the change log of, as this node has it: the last value of each key. It reads on from where it was each time somebody asks, so it lives on, and a
/// node that has none replays the log from its start: both must be equal at one offset.
/// </summary>
internal sealed class TableActor(LogBasedServices services, string topic, int partition) : Actor
{
    /// <summary>Keys of one table: a state that fits one answer.</summary>
    public const int MaxKeys = 10_000;

    /// <summary>A table that nobody asks for is forgotten: it can be replayed.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    /// <summary>Of one read of the log.</summary>
    private const int ReadBytes = 1024 * 1024;

    private readonly SortedDictionary<string, string> table = new(StringComparer.Ordinal);
    private readonly Queue<IActorRef> askers = new();
    private ulong offset;
    private int replayed;

    protected override void PreStart() => Context.SetReceiveTimeout(Idle);

    protected override void Receive(object message)
    {
        switch (message)
        {
            case ShowTable show:
                askers.Enqueue(show.Client);
                if (askers.Count == 1)
                {
                    Begin();
                }

                break;
            case LogReply { Status: LogStatus.OutOfRange } gone when offset < gone.Start:
                table.Clear(); // Retention was here: what is left is what the log still tells.
                offset = gone.Start;
                Read();
                break;
            case LogReply reply when LogAnswers.Refusal(reply) is { } refusal:
                Answer(refusal);
                break;
            case LogReply reply:
                Take(reply);
                break;
            case LogUnavailable unavailable:
                Answer(ModeAnswer.Failed(unavailable.Error));
                break;
            case ReceiveTimeout:
                Context.Parent.Tell(new TableIdle(topic, partition), Self);
                break;
            case StopTable:
                if (askers.Count == 0)
                {
                    Context.Stop(Self); // Else somebody asked meanwhile: it will be idle again.
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Begin()
    {
        replayed = 0;
        Read();
    }

    private void Read() => services.Log.Tell(LogSteps.Fetch(TopicPartitions.Name(topic, partition), offset, ReadBytes), Self);

    private void Take(LogReply reply)
    {
        foreach (var (record, _) in reply.Records(offset))
        {
            replayed++;
            if (LogSteps.KeyOf(record) is not { } key)
            {
                continue; // Without a key it changes nothing.
            }

            if (LogSteps.ValueOf(record) is { } value)
            {
                table[key] = value;
            }
            else
            {
                table.Remove(key);
            }
        }

        offset = reply.NextOffset;
        if (table.Count > MaxKeys)
        {
            table.Clear();
            offset = 0;
            Answer(ModeAnswer.Failed(new ClusterError(ErrorCode.Conflict, $"partition {partition} of {topic} has more than {MaxKeys} keys: too many for one table")));
        }
        else if (offset < reply.End)
        {
            Read();
        }
        else
        {
            Answer(ModeAnswer.Ok(new TableAnswer(topic, partition, offset, replayed, table), LogBasedJson.Default.TableAnswer));
        }
    }

    private void Answer(ModeAnswer answer)
    {
        askers.Dequeue().Tell(answer, Self);
        if (askers.Count > 0)
        {
            Begin();
        }
    }
}
