namespace Cluster.Shared.Http;

/// <summary>One argument of an operation.</summary>
/// <param name="Kind">text, number, duration (<c>500ms</c>, <c>10s</c>) or choice.</param>
/// <param name="Least">Fewest bytes, the smallest number, or the shortest time in milliseconds.</param>
/// <param name="Most">Most bytes, the largest number, or the longest time in milliseconds.</param>
/// <param name="Default">What it is when it is not given; null with <paramref name="IsRequired"/> false: nothing.</param>
/// <param name="Allowed">Of a choice: what may be chosen.</param>
public sealed record ModeArgumentView(string Name, string Kind, string Summary, long Least, long Most, bool IsRequired, string? Default, IReadOnlyList<string> Allowed);
