using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>Writes keys of its own, each once, and reads its own and the others': so whether a write was kept does not depend on what came after it. When its share of the keys is written it reads only.</summary>
/// <param name="keys">How many all clients write together.</param>
internal sealed class ArchiveGenerator(WorkloadOptions options, int client, int keys) : IGenerator
{
    private readonly Dice dice = new(options, client, keys);
    private readonly SortedSet<string> used = new(StringComparer.Ordinal);
    private readonly int share = Math.Max(1, keys / options.Processes);
    private int written;

    public IEnumerable<string> Keys => used;

    public Request Next()
    {
        var isRead = dice.NextIsRead() || written == share;
        var key = isRead ? Name(dice.Below(options.Processes), dice.Below(written + 1)) : Name(client, written++);
        used.Add(key);
        return isRead ? new Request("read", key) : new Request("write", key, dice.NextValue());
    }

    public void Saw(Request request, in StoreAnswer answer)
    {
        // What comes next does not depend on what was seen.
    }

    private string Name(int writer, int number) => FormattableString.Invariant($"{options.KeyPrefix}a{writer}-{number}");
}
