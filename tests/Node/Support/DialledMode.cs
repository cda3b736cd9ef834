using Cluster.Modes;
using Cluster.Modes.ClientServer;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Node.Tests.Support;

/// <summary>A storage mode with all that the contract knows, as far as doors see it: a dial, sessions, a scan. Database 14.</summary>
internal static class DialledMode
{
    private static readonly ModeArgument Token = ModeArgument.Text(StorageOperations.Token, "What the session has seen.").Optional();

    public static Mode Mode { get; } = ClientServerMode.Mode with
    {
        Slug = "dialled",
        Parts = new ModeParts
        {
            Operations =
            [
                StorageOperations.Reading(ModeArgument.Number("r", "Replicas.", 1, 5).Optional(), Token),
                StorageOperations.Writing(ModeArgument.Number("w", "Replicas.", 1, 5).Optional(), Token),
                StorageOperations.Deleting(Token),
                StorageOperations.Scanning(),
            ],
        },
        Storage = ClientServerMode.Mode.Storage! with { Database = 14 },
    };
}
