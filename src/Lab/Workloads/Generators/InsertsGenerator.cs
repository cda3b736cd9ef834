using System.Globalization;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// Writes keys of its own, each once, and reads its own and the others': nothing that is lost is covered up by a later write. When its share of the keys is written it only reads.
/// </summary>
internal sealed class InsertsGenerator(WorkloadOptions options, int client) : IGenerator
{
    /// <summary>Keys of one client where nobody says how many there are in all: each is read back at every node after the run.</summary>
    public const int KeysEach = 100;

    private readonly Dice dice = new(options, client, keys: 1);
    private readonly SortedSet<string> used = new(StringComparer.Ordinal);
    private readonly int share = options.Keys is { } keys ? Math.Max(1, keys / options.Processes) : KeysEach;
    private int written;

    public IEnumerable<string> Keys => used;

    public Request Next()
    {
        var isRead = dice.NextIsRead() || written == share || client < options.Readers;
        var key = isRead ? Name(dice.Below(options.Processes), dice.Below(written + 1)) : Name(client, written++);
        used.Add(key);
        return isRead ? new Request("read", key) : new Request("write", key, dice.NextValue());
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        // Each key is written once, whatever comes of it.
    }

    private string Name(int writer, int number) => string.Create(CultureInfo.InvariantCulture, $"{options.KeyPrefix}i{writer}.{number}");
}
