namespace Cluster.Node.Resp.Table;

/// <summary>One argument of a command, as <c>COMMAND DOCS</c> describes it: a value, a word, a choice, or a group of arguments.</summary>
/// <param name="Name">What it is called in documentation.</param>
/// <param name="Type">Redis's word: key, string, integer, double, pattern, unix-time, pure-token, oneof, block.</param>
internal sealed record CommandArgument(string Name, string Type)
{
    /// <summary>The word that stands before it, or that it is.</summary>
    public string? Token { get; init; }

    /// <summary>Which of the command's <see cref="KeySpec"/>s it is, when it is a key.</summary>
    public int KeySpec { get; init; } = -1;

    public bool Optional { get; init; }

    /// <summary>May be repeated.</summary>
    public bool Multiple { get; init; }

    /// <summary>Repeated with its token.</summary>
    public bool MultipleToken { get; init; }

    /// <summary>What a choice is among, or what a group holds.</summary>
    public IReadOnlyList<CommandArgument> Arguments { get; init; } = [];
}
