using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Table;

/// <summary>One command as data: how it is found, checked, run, and described (COMMAND, COMMAND DOCS, HELP, the README's list).</summary>
/// <param name="Name">Lower case; a subcommand with its container, <c>client|id</c>.</param>
/// <param name="Arity">Arguments with the name (a subcommand: with both): exactly so many, or at least so many when negative.</param>
/// <param name="Since">The Redis version that had it first; for what only Cluster Lab has, <c>cluster-lab</c>.</param>
/// <param name="Complexity">Its cost, as Redis tells it.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Handler">Null for a container (CLIENT, CONFIG ...), which is nothing without a subcommand.</param>
internal sealed record CommandSpec(string Name, int Arity, CommandFlags Flags, string Since, string Complexity, string Summary, CommandHandler? Handler)
{
    /// <summary>Its number in <see cref="CommandTable.Everything"/>, for counters.</summary>
    public int Index { get; init; }

    /// <summary>Redis's group: string, generic, connection, server, cluster, transactions, pubsub.</summary>
    public string Group { get; init; } = "";

    /// <summary>Kinds that do not follow from the flags; see <see cref="AllCategories"/>.</summary>
    public CommandCategories Categories { get; init; }

    /// <summary>Its arguments in the notation of <see cref="CommandSyntax"/>.</summary>
    public string Syntax { get; init; } = "";

    /// <summary><see cref="Syntax"/>, read.</summary>
    public IReadOnlyList<CommandArgument> Arguments { get; init; } = [];

    public IReadOnlyList<KeySpec> Keys { get; init; } = [];

    /// <summary>Hints for clients and proxies, in Redis's words.</summary>
    public IReadOnlyList<string> Tips { get; init; } = [];

    /// <summary>For a command that Redis no longer recommends: since when, and what instead.</summary>
    public (string Since, string ReplacedBy)? Deprecated { get; init; }

    /// <summary>What a container holds.</summary>
    public IReadOnlyList<CommandSpec> Subcommands { get; init; } = [];

    /// <summary>The first key's argument; 0 when it has none.</summary>
    public int FirstKey => Keys.Count == 0 ? 0 : Keys[0].Index;

    /// <summary>The last key's argument; negative counts from the end.</summary>
    public int LastKey => Keys.Count == 0 ? 0 : Keys[^1].Last < 0 ? Keys[^1].Last : Keys[^1].Index + Keys[^1].Last;

    /// <summary>From one key to the next.</summary>
    public int KeyStep => Keys.Count == 0 ? 0 : Keys[^1].Step;

    /// <summary>All kinds that it is of, those that follow from its flags among them.</summary>
    public CommandCategories AllCategories => Categories
        | (Flags.HasFlag(CommandFlags.ReadOnly) ? CommandCategories.Read : 0)
        | (Flags.HasFlag(CommandFlags.Write) ? CommandCategories.Write : 0)
        | (Flags.HasFlag(CommandFlags.Admin) ? CommandCategories.Admin | CommandCategories.Dangerous : 0)
        | (Flags.HasFlag(CommandFlags.Fast) ? CommandCategories.Fast : CommandCategories.Slow);

    public bool Accepts(int argumentCount) => Arity >= 0 ? argumentCount == Arity : argumentCount >= -Arity;
}

/// <summary>Checks a command's arguments and says what is to be done. Runs in the order of arrival, on the connection's own turn, and never waits.</summary>
internal delegate CommandCall CommandHandler(RespSession session, in RespArguments arguments);
