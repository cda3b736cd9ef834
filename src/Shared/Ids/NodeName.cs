using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Cluster.Shared.Ids;

/// <summary>
/// The name people call a node by (<c>n1</c>): 1 to 32 of <c>a-z 0-9 -</c>, a letter first. Unique in a cluster, kept across restarts.
/// </summary>
public readonly partial record struct NodeName
{
    private readonly string? text;

    private NodeName(string text) => this.text = text;

    /// <exception cref="FormatException">The text is not a node name.</exception>
    public static NodeName Parse(string text) => TryParse(text, out var name)
        ? name
        : throw new FormatException($"'{text}' is not a node name: 1 to 32 of a-z, 0-9 and '-', a letter first");

    public static bool TryParse([NotNullWhen(true)] string? text, out NodeName name)
    {
        var valid = text is not null && Shape().IsMatch(text);
        name = valid ? new NodeName(text!) : default;
        return valid;
    }

    public override string ToString() => text ?? "-";

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,31}\z")]
    private static partial Regex Shape();
}
