namespace Cluster.Modes.Tests.Shop;

/// <summary>Every way to die in the course of an order.</summary>
internal static class Deaths
{
    /// <summary>Each message of this course, and each way to die at it.</summary>
    public static IEnumerable<(int At, Death How)> In(Func<MortalWorld> course) =>
        Enumerable.Range(0, course().Messages).SelectMany(at => Enum.GetValues<Death>().Select(how => (at, how)));
}
