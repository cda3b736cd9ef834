namespace Cluster.Node.Http;

/// <summary>One parameter of an operation as data: requests are checked against it, and the OpenAPI document describes it.</summary>
/// <param name="In">query, header or path.</param>
/// <param name="IsInteger">Whether it is a whole number, in <paramref name="Minimum"/> to <paramref name="Maximum"/>.</param>
internal sealed record ApiParameter(string Name, string In, string Description, bool IsInteger = false, long Minimum = long.MinValue, long Maximum = long.MaxValue)
{
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Whether it may be any bytes (a key, a topic); else it is text, and what is no UTF-8 is refused.</summary>
    public bool IsBytes { get; init; }

    public static ApiParameter Path(string name, string description) => new(name, "path", description);

    public static ApiParameter Header(string name, string description) => new(name, "header", description);

    public static ApiParameter Text(string name, string description) => new(name, "query", description);

    /// <summary>Bytes, percent-encoded where they are not plain text; read by <see cref="KeyPath.ReadQuery"/>.</summary>
    public static ApiParameter Bytes(string name, string description) => Text(name, description) with { IsBytes = true };

    public static ApiParameter Choice(string name, string description, params IReadOnlyList<string> allowed) => new(name, "query", description) { Allowed = allowed };

    public static ApiParameter Integer(string name, string description, long minimum, long maximum) => new(name, "query", description, true, minimum, maximum);
}
