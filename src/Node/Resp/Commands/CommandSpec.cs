using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Commands;

/// <summary>One command as data: how it is checked, described (COMMAND, COMMAND DOCS) and run.</summary>
/// <param name="Name">Lower case; a subcommand with its container, <c>client|id</c>.</param>
/// <param name="Arity">Arguments with the name: exactly so many, or at least so many when negative.</param>
/// <param name="FirstKey">Where its keys stand; 0 when it has none.</param>
/// <param name="LastKey">Last key; negative counts from the end.</param>
/// <param name="KeyStep">From one key to the next.</param>
/// <param name="Group">Redis's group: string, generic, connection, server, cluster.</param>
/// <param name="Since">The Redis version that had it first; for what only Cluster Lab has, <c>cluster-lab</c>.</param>
internal sealed record CommandSpec(
    string Name,
    int Arity,
    CommandFlags Flags,
    int FirstKey,
    int LastKey,
    int KeyStep,
    string Group,
    string Since,
    string Summary,
    CommandHandler Handler)
{
    /// <summary>Its number in the table, for counters.</summary>
    public int Index { get; init; }

    /// <summary>What a container (CLIENT, CONFIG ...) holds.</summary>
    public IReadOnlyList<CommandSpec> Subcommands { get; init; } = [];

    public bool Accepts(int argumentCount) => Arity >= 0 ? argumentCount == Arity : argumentCount >= -Arity;

    /// <summary>A command that has one key, its first argument.</summary>
    public static CommandSpec OneKey(string name, int arity, CommandFlags flags, string group, string since, string summary, CommandHandler handler) =>
        new(name, arity, flags, 1, 1, 1, group, since, summary, handler);

    /// <summary>A command without keys.</summary>
    public static CommandSpec Keyless(string name, int arity, CommandFlags flags, string group, string since, string summary, CommandHandler handler) =>
        new(name, arity, flags, 0, 0, 0, group, since, summary, handler);
}

/// <summary>Checks a command's arguments and says what is to be done. Runs in the order of arrival, on the connection's own turn, and never waits.</summary>
internal delegate CommandCall CommandHandler(RespSession session, in RespArguments arguments);
