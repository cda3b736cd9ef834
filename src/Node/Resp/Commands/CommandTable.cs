using System.Collections.Frozen;

namespace Cluster.Node.Resp.Commands;

/// <summary>Every command there is, as data, found by name in any case.</summary>
internal static class CommandTable
{
    private const int MaxNameLength = 32;

    /// <summary>All commands in table order; a command's <see cref="CommandSpec.Index"/> is its place.</summary>
    public static readonly IReadOnlyList<CommandSpec> All = Numbered(
    [
        .. ConnectionCommands.All, .. StringCommands.All, .. CounterCommands.All, .. KeyCommands.All, .. ExpiryCommands.All, .. ScanCommands.All,
        .. ServerCommands.All, CommandCommands.Container, ClientCommands.Container, ConfigCommands.Container, ClusterCommands.Container,
    ]);

    private static readonly FrozenDictionary<string, CommandSpec> ByName = All.ToFrozenDictionary(spec => spec.Name, StringComparer.Ordinal);
    private static readonly FrozenDictionary<string, CommandSpec>.AlternateLookup<ReadOnlySpan<char>> BySpan = ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    public static int Count => All.Count;

    /// <summary>Finds a command without allocating; null when there is none of this name.</summary>
    public static CommandSpec? Find(ReadOnlySpan<byte> name)
    {
        Span<char> lower = stackalloc char[MaxNameLength];
        if (name.Length > lower.Length)
        {
            return null;
        }

        for (var i = 0; i < name.Length; i++)
        {
            var value = name[i];
            lower[i] = (char)(value is >= (byte)'A' and <= (byte)'Z' ? value | 0x20 : value);
        }

        return BySpan.TryGetValue(lower[..name.Length], out var spec) ? spec : null;
    }

    private static CommandSpec[] Numbered(IReadOnlyList<CommandSpec> specs)
    {
        var numbered = new CommandSpec[specs.Count];
        for (var i = 0; i < numbered.Length; i++)
        {
            numbered[i] = specs[i] with { Index = i };
        }

        return numbered;
    }
}
