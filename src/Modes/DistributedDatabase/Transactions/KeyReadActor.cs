using Cluster.Engine.Port;
using Cluster.Modes.DistributedDatabase.Ranges;
using Cluster.Modes.DistributedDatabase.Timestamps;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>One read of one key: the shell of <see cref="KeyReadCore"/>.</summary>
internal sealed class KeyReadActor(IShardRegion ranges, string key, IActorRef client) : Actor
{
    private readonly KeyReadCore core = new(key);

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(OpenRequests.Patience);
        Ask(core.Begin());
    }

    protected override void Receive(object message)
    {
        switch (message)
        {
            case RangeReply reply when core.Replied(reply) is { } next:
                Ask(next);
                break;
            case RangeReply:
                End(ModeAnswer.Ok(new StoredValue(key, core.Answer!.Value.Value, core.Answer.Value.At == 0 ? null : Timestamp.Text(core.Answer.Value.At)), StorageJson.Default.StoredValue));
                break;
            case ReceiveTimeout:
                End(ModeAnswer.Unavailable($"{Keyspace.IdOf(Keyspace.RangeOf(key))} has not answered within {OpenRequests.Patience.TotalSeconds:0.#} s"));
                break;
            default:
                End(ModeAnswer.Of(message));
                break;
        }
    }

    private void Ask(CallRange call) => ranges.Tell(new ToEntity(Keyspace.IdOf(call.Range), call.Command), Self);

    private void End(ModeAnswer answer)
    {
        client.Tell(answer, Self);
        Context.Stop(Self);
    }
}
