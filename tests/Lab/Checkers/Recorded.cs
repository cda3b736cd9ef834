using Cluster.Lab.Histories;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>A history as one writes it on a board: <c>process op key input -> output @ call-return</c>, <c>?</c> for an unknown outcome, <c>!</c> for a failed one.</summary>
internal static class Recorded
{
    /// <summary>One operation a line, for example <c>1 send p "a" -> 0 @ 10-20</c> or <c>2 write k 5 @ 3-9 ?</c>; <c>n1</c> after the times is the node asked.</summary>
    public static History History(string lines) => new([.. lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)], []);

    private static Operation Parse(string line)
    {
        var sides = line.Split(" @ ");
        var asked = sides[0].Split(" -> ");
        var words = asked[0].Split(' ', 4);
        var when = sides[1].Split(' ');
        var times = when[0].Split('-').Select(long.Parse).ToArray();
        var outcome = when.Contains("?") ? Outcome.Info : when.Contains("!") ? Outcome.Fail : Outcome.Ok;
        return new Operation(
            int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture),
            words[1],
            words[2],
            words.Length < 4 ? [] : words[1] == "txn" ? [.. words[3].Split(" + ")] : words[3].Split(' '),
            times[0],
            times[1],
            outcome,
            asked.Length < 2 || asked[1] == "nothing" ? null : asked[1],
            when.FirstOrDefault(word => word.StartsWith('n')));
    }
}
