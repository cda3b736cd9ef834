using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Modes.ClientServer;

/// <summary>One server, many clients: the node that was named first keeps all keys on its disk, and every node is a client of it.</summary>
public static class ClientServerMode
{
    public const string Slug = "client-server";

    internal const string AckBeforeDisk = "ack-before-disk";
    internal const string NoSessions = "no-sessions";

    public static Mode Mode { get; } = new(
        Slug,
        "storage",
        "One server keeps everything: as consistent as one copy is, and away while it is away; what it acknowledged is there when it comes back.",
        ClientServerLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [PlaceDecider.Type],
            Messages = messages => messages
                .Register("client-server.call", 1, ClientServerJson.Default.ServerCall)
                .Register("client-server.answer", 1, ClientServerJson.Default.ServerAnswer)
                .Register("client-server.refused", 1, ClientServerJson.Default.ServerRefused)
                .Register("client-server.written", 1, ClientServerJson.Default.KeyWritten)
                .Register("client-server.denied", 1, ClientServerJson.Default.CallDenied),
            Operations = [StorageOperations.Reading(), StorageOperations.Writing(), StorageOperations.Deleting(), StorageOperations.Comparing(), StorageOperations.Locating()],
            Door = static node => Props.Create(() => new ClientActor(node)),
            Flaws =
            [
                new PlantedFlaw { Name = AckBeforeDisk, Breaks = "the client-server mode's server answers before its disk has the write: a power loss takes acknowledged writes with it" },
                new PlantedFlaw { Name = NoSessions, Breaks = "the client-server mode's server keeps no sessions: a call that is sent again takes effect again, over what was written since" },
            ],
        },
        Storage = new StorageContract(1, [new([StorageOperations.Get, StorageOperations.Put, StorageOperations.Delete, StorageOperations.CompareAndSet], "", ConsistencyModel.Linearizable, "always; there is no answer while the server is away")])
        {
            Textbook = new Textbook("none", "strong", "none", "low", "Coulouris et al., Distributed Systems: Concepts and Design, 5th ed., 2.3"),
            Cost = static nodes => new MessageCost(2.0 * (nodes - 1) / nodes, 2.0 * (nodes - 1) / nodes, "a call and an answer; none for a client on the server's own node"),
        },
    };
}
