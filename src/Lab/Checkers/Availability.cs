using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>How long a part of the cluster went without answering, as its clients saw it.</summary>
public static class Availability
{
    /// <summary>From <paramref name="at"/> (nanoseconds) until the first operation called after it was answered; null if none ever was.</summary>
    /// <remarks>Operations called before are left out: their answer may have been on its way already.</remarks>
    public static TimeSpan? AnsweredAfter(History history, Func<string, bool> keys, long at)
    {
        long? first = null;
        foreach (var operation in history.Operations)
        {
            if (operation.Outcome == Outcome.Ok && operation.Call >= at && (first is null || operation.Return < first) && keys(operation.Key))
            {
                first = operation.Return;
            }
        }

        return first is { } answered ? FromNanoseconds(answered - at) : null;
    }

    /// <summary>The longest time between two answers in a row, from the first call to the last answer; zero for less than two.</summary>
    public static TimeSpan LongestGap(History history, Func<string, bool> keys)
    {
        var answers = history.Operations.Where(operation => operation.Outcome == Outcome.Ok && keys(operation.Key)).Select(operation => operation.Return).Order();
        long longest = 0;
        long? previous = null;
        foreach (var answer in answers)
        {
            longest = Math.Max(longest, answer - (previous ?? answer));
            previous = answer;
        }

        return FromNanoseconds(longest);
    }

    private static TimeSpan FromNanoseconds(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
