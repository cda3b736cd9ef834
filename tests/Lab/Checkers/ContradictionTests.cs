using Cluster.Lab.Checkers;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>A violation is told in a sentence and shown by few operations, out of however many.</summary>
public class ContradictionTests
{
    [Theory]
    [InlineData("1 write k 4 @ 0-1000000\n1 write k 5 @ 2000000-12200000000\n3 read k -> 4 @ 12310000000-12320000000", "process 3 read \"4\" at 12.3100 s, after process 1 had overwritten it with \"5\" by 12.2000 s")]
    [InlineData("1 write k 4 @ 0-1\n3 read k -> nothing @ 2-3", "process 3 found nothing")]
    [InlineData("1 write k 4 @ 0-1\n3 read k -> 7 @ 2-3", "which nobody had written")]
    [InlineData("3 read k -> 7 @ 2-3\n1 write k 7 @ 4-5", "before process 1 began to write it")]
    [InlineData("1 write k 4 @ 0-1\n1 write k 5 @ 2-90\n2 read k -> 5 @ 3-4\n3 read k -> 4 @ 5-6", "although process 2 had seen the newer \"5\"")]
    [InlineData("1 write k 4 @ 0-1\n2 cas k 4 5 @ 2-9\n3 cas k 4 6 @ 2-9", "both replaced \"4\"")]
    [InlineData("1 incr k 1 -> 1 @ 0-9\n2 incr k 1 -> 1 @ 0-9", "both counted to 1")]
    public void A_known_shape_is_told_in_a_sentence(string lines, string sentence)
    {
        var result = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(Recorded.History(lines));

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains(sentence, result.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_hundreds_of_operations_three_are_shown()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 200).Select(i => $"{i % 5} write k v{i} @ {i * 10}-{(i * 10) + 9}\n{9 + (i % 5)} read k -> v{i} @ {(i * 10) + 9}-{(i * 10) + 10}"));

        var result = new LinearizabilityChecker(KeyValueModel.Kv, CheckLimits.Default, TimeProvider.System).Check(Recorded.History(lines + "\n77 read k -> v120 @ 1950-1960"));

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Contains("3 of the key's 401 operations show it:", result.Details);
    }

    [Fact]
    public void Sets_queues_and_lists_are_judged_as_one_copy()
    {
        Assert.Equal(Verdict.Holds, Judge(CollectionModel.Queue, "1 enqueue q a @ 0-9\n2 enqueue q b @ 0-9\n3 dequeue q -> b @ 10-11\n3 dequeue q -> a @ 12-13\n3 dequeue q -> nothing @ 14-15"));
        Assert.Equal(Verdict.Violated, Judge(CollectionModel.Queue, "1 enqueue q a @ 0-1\n2 enqueue q b @ 2-3\n3 dequeue q -> b @ 10-11"));
        Assert.Equal(Verdict.Holds, Judge(CollectionModel.Set, "1 add s b @ 0-1\n2 add s a @ 2-3\n3 read s -> [\"a\",\"b\"] @ 4-5\n3 remove s b @ 6-7\n3 read s -> [\"a\"] @ 8-9"));
        Assert.Equal(Verdict.Violated, Judge(CollectionModel.Set, "1 add s b @ 0-1\n3 read s -> [] @ 4-5"));
        Assert.Equal(Verdict.Holds, Judge(CollectionModel.List, "1 append l b @ 0-1\n2 append l a @ 2-3\n3 read l -> [\"b\",\"a\"] @ 4-5"));
        Assert.Equal(Verdict.Violated, Judge(CollectionModel.List, "1 append l b @ 0-1\n2 append l a @ 2-3\n3 read l -> [\"a\",\"b\"] @ 4-5"));
    }

    private static Verdict Judge(IModel model, string lines) => new LinearizabilityChecker(model, CheckLimits.Default, TimeProvider.System).Check(Recorded.History(lines)).Verdict;
}
