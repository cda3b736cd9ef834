using System.Text.Json;
using Cluster.Engine.Port;

namespace Cluster.Modes.ClientServer;

/// <summary>The server on its node's disk. Started on every node and idle on all but one: it serves whoever calls it.</summary>
/// <param name="core">Keys and sessions.</param>
/// <param name="acksEarly">Only in a broken variant: answers before the disk has it.</param>
internal sealed class ServerActor(ServerCore core, bool acksEarly) : PersistentActor
{
    public const string ActorName = "server";

    /// <summary>Calls that wait here; more are dropped, and sent again by their clients.</summary>
    public const int MailboxCapacity = 50_000;

    /// <summary>Events that have room to finish what is under way when the disk stands still.</summary>
    private const int SpareEvents = 100;

    protected override string PersistenceId => "client-server";

    protected override void ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: var bytes }:
                core.Restore(JsonSerializer.Deserialize(bytes, ClientServerJson.Default.ServerSnapshot)!);
                break;
            case ServerEvent happened:
                core.Apply(happened);
                break;
        }
    }

    protected override void ReceiveCommand(object message)
    {
        if (message is not ServerCall call)
        {
            Unhandled(message);
            return;
        }

        var client = Sender;
        switch (core.Decide(call, !IsBehind(SpareEvents)))
        {
            case { Event: { } happened } when acksEarly:
                client.Tell(core.Apply(happened), Self);
                PersistAsync(happened, static _ => { });
                break;
            case { Event: { } happened }:
                PersistAsync(happened, written => client.Tell(core.Apply(written), Self));
                break;
            case { Reply: { } reply }:
                client.Tell(reply, Self);
                break;
            case { Refusal: { } why }:
                client.Tell(new ServerRefused(call.Number, why), Self);
                break;
        }
    }

    protected override byte[] TakeSnapshot() => JsonSerializer.SerializeToUtf8Bytes(core.Snapshot(), ClientServerJson.Default.ServerSnapshot);
}
