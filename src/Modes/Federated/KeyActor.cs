using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.Federated;

/// <summary>One operation on one key: at its home, or for a read that says so on this cluster's copy.</summary>
internal sealed class KeyActor(FederatedNode node, ModeRequest asked, IActorRef client) : Actor
{
    private readonly string key = asked.Text(StorageOperations.Key);

    protected override void PreStart()
    {
        var isLocal = asked.Operation == StorageOperations.Get && asked.Text(FederatedMode.Read) == FederatedMode.Local;
        GroupCommand command = asked.Operation switch
        {
            StorageOperations.Put => new WriteKey(key, asked.Text(StorageOperations.Value)),
            StorageOperations.Delete => new WriteKey(key, null),
            StorageOperations.CompareAndSet => new CompareKey(key, asked.Find(StorageOperations.Expected), asked.Text(StorageOperations.Value)),
            _ => new ReadKey(key, isLocal),
        };
        var (group, door, self) = (node.Map.GroupOfKey(key), Context.Parent, Self);
        Context.ActorOf(Props.Create(() => new GroupCall(node, group, command, isLocal ? CallTo.Copy : CallTo.Home, null, door, self)));
    }

    protected override void Receive(object message)
    {
        if (message is GroupAnswered answered)
        {
            client.Tell(
                answered.Reply switch
                {
                    KeyWritten { IsConflict: true } => ModeAnswer.Conflict($"another value stands at {key}"),
                    KeyWritten written => ModeAnswer.Ok(new StoredWrite(key, written.Version.ToString()) { Replaced = written.Replaced }, StorageJson.Default.StoredWrite),
                    KeyRead read => ModeAnswer.Ok(
                        new StoredValue(key, read.Value, read.Version == WriteVersion.None ? null : read.Version.ToString()) { AgeMs = answered.AgeMs is { } age ? Math.Round(age, 1) : null },
                        StorageJson.Default.StoredValue),
                    _ => answered.Failure,
                },
                Context.Parent);
        }

        Context.Stop(Self);
    }
}
