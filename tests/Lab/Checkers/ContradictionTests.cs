using Cluster.Lab.Checkers;

namespace Cluster.Lab.Tests.Checkers;

/// <summary>A violation is told in a sentence and shown by the few operations that the sentence speaks of, out of however many.</summary>
public class ContradictionTests
{
    [Theory]
    [InlineData("1 write k 4 @ 0-1000000\n1 write k 5 @ 2000000-12200000000\n3 read k -> 4 @ 12310000000-12320000000", "process 3 read \"4\" at 12.3100 s, after process 1 had overwritten it with \"5\" by 12.2000 s")]
    [InlineData("1 write k 4 @ 0-100000\n3 read k -> nothing @ 200000-300000", "process 3 found nothing at 0.0002 s, after process 1 had written \"4\" by 0.0001 s")]
    [InlineData("1 write k 4 @ 0-100000\n1 delete k @ 200000-300000\n3 read k -> 4 @ 400000-500000", "process 3 read \"4\" at 0.0004 s, after process 1 had deleted it by 0.0003 s")]
    [InlineData("3 read k -> 7 @ 200000-300000", "process 3 read \"7\" at 0.0002 s, which nobody had written")]
    [InlineData("1 write k 7 @ 0-100000 !\n3 read k -> 7 @ 200000-300000", "process 3 read \"7\" at 0.0002 s, which process 1 tried to write, and was told by 0.0001 s that it had failed")]
    [InlineData("3 read k -> 7 @ 200000-300000\n1 write k 7 @ 400000-500000", "process 3 read \"7\" at 0.0003 s, before process 1 began to write it at 0.0004 s")]
    [InlineData("1 write k 4 @ 0-100000\n1 write k 5 @ 200000-9000000\n2 read k -> 5 @ 300000-400000\n3 read k -> 4 @ 500000-600000", "process 3 read \"4\" at 0.0005 s, although process 2 had seen the newer \"5\" by 0.0004 s")]
    [InlineData("1 write k 4 @ 0-100000 ?\n2 read k -> 4 @ 200000-300000\n1 write k 5 @ 400000-500000\n3 read k -> 4 @ 600000-700000", "process 3 read \"4\" at 0.0006 s, after process 1 had overwritten it with \"5\" by 0.0005 s; \"4\" was there by 0.0003 s, when process 2 saw it")]
    [InlineData("1 write k 4 @ 0-100000\n1 write k 5 @ 200000-300000\n3 cas k 4 6 @ 400000-500000", "process 3 replaced \"4\" with \"6\" at 0.0004 s, after process 1 had overwritten it with \"5\" by 0.0003 s")]
    [InlineData("1 write k 4 @ 0-100000\n2 cas k 4 5 @ 200000-900000\n3 cas k 4 6 @ 200000-800000", "process 3 (by 0.0008 s) and process 2 (by 0.0009 s) both replaced \"4\", which was written once")]
    [InlineData("1 write k 4 @ 0-100000\n2 cas k 4 5 -> false @ 200000-300000", "process 2 was told at 0.0003 s that the key does not hold \"4\", although process 1 had written it by 0.0001 s and nobody changed it after that")]
    public void Of_a_register_it_is_told_what_was_wrong_with_the_value(string lines, string sentence) => Tells(KeyValueModel.Kv, lines, sentence);

    [Theory]
    [InlineData("1 incr k 1 -> 1 @ 0-900000\n2 incr k 1 -> 1 @ 0-800000", "process 2 (by 0.0008 s) and process 1 (by 0.0009 s) both counted to 1: one of the two counts is lost")]
    [InlineData("1 incr k 1 @ 0-100000\n1 incr k 1 @ 200000-300000\n2 read k -> 1 @ 400000-500000", "process 2 read 1 at 0.0004 s, though 2 increments had been acknowledged before it was asked: at least 2")]
    [InlineData("1 incr k 1 @ 0-100000\n1 incr k 2 @ 200000-300000 ?\n2 read k -> 4 @ 400000-500000", "process 2 read 4 at 0.0005 s, though no more than 2 increments by 3 in all can have happened by then: at most 3")]
    [InlineData("2 read k -> 4 @ 400000-500000", "process 2 read 4 at 0.0005 s, though nobody had counted by then")]
    [InlineData("1 incr k 1 @ 0-100000\n1 incr k 1 @ 200000-900000\n2 read k -> 2 @ 300000-400000\n3 read k -> 1 @ 500000-600000", "process 3 read 1 at 0.0005 s, although process 2 had read 2 by 0.0004 s")]
    [InlineData("1 incr k 1 @ 0-100000\n2 read k -> nothing @ 400000-500000", "process 2 read nothing at 0.0004 s, though 1 increment had been acknowledged before it was asked: at least 1")]
    [InlineData("2 read k -> x @ 400000-500000\n1 incr k 1 @ 0-100000", "process 2 read \"x\" at 0.0004 s, and a counter holds a number")]
    public void Of_a_counter_it_is_told_what_it_was_counted_to(string lines, string sentence) => Tells(KeyValueModel.Counter, lines, sentence);

    /// <summary>A retried increment that counted twice, after twenty that did not: three operations show it.</summary>
    [Fact]
    public void Of_a_counter_the_nearest_answers_are_compared()
    {
        var before = string.Join('\n', Enumerable.Range(0, 20).Select(i => $"1 incr k 1 -> {i + 1} @ {i * 1000000}-{(i * 1000000) + 500000}"));

        var more = Judge(KeyValueModel.Counter, before + "\n2 read k -> 20 @ 20000000-20500000\n1 incr k 1 -> 21 @ 21000000-21500000\n3 read k -> 22 @ 22000000-22500000");
        var fewer = Judge(KeyValueModel.Counter, before + "\n2 read k -> 20 @ 20000000-20500000\n1 incr k 1 @ 21000000-21500000\n3 read k -> 20 @ 22000000-22500000");

        Assert.Equal("process 3 read 22 at 0.0225 s, though process 1 had counted to 21 by 0.0215 s and nobody counted in between", more.Details[0]);
        Assert.Equal("2 of the key's 23 operations show it:", more.Details[1]);
        Assert.Equal("process 3 read 20 at 0.0220 s, though process 2 had read 20 by 0.0205 s and 1 increment was acknowledged in between: at least 21", fewer.Details[0]);
        Assert.Equal(
            ["process 2: read k -> \"20\" (ok, 0.0200 s to 0.0205 s)", "process 1: incr k [\"1\"] (ok, 0.0210 s to 0.0215 s)", "process 3: read k -> \"20\" (ok, 0.0220 s to 0.0225 s)"],
            fewer.Piece.Select(operation => operation.ToString()));
    }

    /// <summary>What may have happened at any time after its call is counted with what can have come in between.</summary>
    [Fact]
    public void Of_a_counter_unknown_outcomes_are_counted_as_possible()
    {
        var result = Judge(KeyValueModel.Counter, "1 incr k 1 @ 0-100000 ?\n2 incr k 1 -> 1 @ 200000-300000\n3 read k -> 1 @ 400000-500000\n4 read k -> 3 @ 600000-700000");

        Assert.Equal("process 4 read 3 at 0.0007 s, though process 3 had read 1 by 0.0005 s and no more than 1 increment can have happened in between: at most 2", result.Details[0]);
    }

    [Theory]
    [InlineData("1 add s a @ 0-100000\n3 read s -> [] @ 200000-300000", "process 3 did not find \"a\" in the set at 0.0002 s, after process 1 had added it by 0.0001 s")]
    [InlineData("1 add s a @ 0-900000\n2 read s -> [\"a\"] @ 100000-200000\n3 read s -> [] @ 300000-400000", "process 3 did not find \"a\" in the set at 0.0003 s, although process 2 had found it there by 0.0002 s")]
    [InlineData("3 read s -> [\"a\"] @ 200000-300000", "process 3 found \"a\" in the set at 0.0002 s, which nobody had added")]
    [InlineData("3 read s -> [\"a\"] @ 200000-300000\n1 add s a @ 400000-500000", "process 3 found \"a\" in the set at 0.0002 s, before process 1 began to add it at 0.0004 s")]
    [InlineData("1 add s a @ 0-100000\n2 remove s a @ 200000-300000\n3 read s -> [\"a\"] @ 400000-500000", "process 3 found \"a\" in the set at 0.0004 s, after process 2 had removed it by 0.0003 s")]
    [InlineData(
        "1 add s a @ 0-900000\n2 add s b @ 0-900000\n3 read s -> [\"a\"] @ 100000-200000\n4 read s -> [\"b\"] @ 100000-200000",
        "process 3 found \"a\" and not \"b\" (by 0.0002 s), and process 4 found \"b\" and not \"a\" (by 0.0002 s): one of the two was added first, and whoever finds the other finds it too")]
    public void Of_a_set_it_is_told_which_value_is_there_or_missing(string lines, string sentence) => Tells(CollectionModel.Set, lines, sentence);

    [Theory]
    [InlineData("1 append l a @ 0-100000\n3 read l -> [] @ 200000-300000", "process 3 did not find \"a\" in the list at 0.0002 s, after process 1 had appended it by 0.0001 s")]
    [InlineData("1 append l a @ 0-100000\n3 read l -> [\"a\",\"a\"] @ 200000-300000", "process 3 found \"a\" twice in the list at 0.0002 s, and it was appended once")]
    [InlineData(
        "1 append l b @ 0-100000\n2 append l a @ 200000-300000\n3 read l -> [\"a\",\"b\"] @ 400000-500000",
        "process 3 found \"a\" before \"b\" in the list at 0.0004 s, although process 2 began to append \"a\" at 0.0002 s, when process 1 had appended \"b\" (by 0.0001 s)")]
    [InlineData(
        "1 append l a @ 0-900000\n2 append l b @ 0-900000\n3 read l -> [\"a\"] @ 100000-200000\n4 read l -> [\"b\",\"a\"] @ 100000-200000",
        "process 3 found \"a\" (by 0.0002 s) in the place of the list where process 4 found \"b\" (by 0.0002 s): what stands in a list that only grows never changes")]
    public void Of_a_list_it_is_told_what_is_not_in_order(string lines, string sentence) => Tells(CollectionModel.List, lines, sentence);

    [Theory]
    [InlineData("3 dequeue q -> a @ 200000-300000", "process 3 took \"a\" at 0.0002 s, which nobody had enqueued")]
    [InlineData("3 dequeue q -> a @ 200000-300000\n1 enqueue q a @ 400000-500000", "process 3 took \"a\" at 0.0002 s, before process 1 began to enqueue it at 0.0004 s")]
    [InlineData("1 enqueue q a @ 0-100000\n2 dequeue q -> a @ 200000-300000\n3 dequeue q -> a @ 200000-400000", "process 2 (by 0.0003 s) and process 3 (by 0.0004 s) both took \"a\", which was enqueued once")]
    [InlineData("1 enqueue q a @ 0-100000\n3 dequeue q -> nothing @ 200000-300000", "process 3 found the queue empty at 0.0002 s, after process 1 had enqueued \"a\" by 0.0001 s, which nobody had taken by then")]
    [InlineData(
        "1 enqueue q a @ 0-100000\n3 dequeue q -> nothing @ 200000-300000\n2 dequeue q -> a @ 400000-500000",
        "process 3 found the queue empty at 0.0002 s, after process 1 had enqueued \"a\" by 0.0001 s, which process 2 took, who asked only at 0.0004 s")]
    [InlineData(
        "1 enqueue q a @ 0-100000\n2 enqueue q b @ 200000-300000\n3 dequeue q -> b @ 400000-500000",
        "process 3 took \"b\" by 0.0005 s, and nobody had taken \"a\" by then, although process 1 had enqueued \"a\" by 0.0001 s, before process 2 began to enqueue \"b\" at 0.0002 s")]
    [InlineData(
        "1 enqueue q a @ 0-100000\n2 enqueue q b @ 200000-300000\n3 dequeue q -> b @ 400000-500000\n4 dequeue q -> a @ 600000-700000",
        "process 3 took \"b\" by 0.0005 s, and process 4 asked only at 0.0006 s, and took \"a\", although process 1 had enqueued \"a\" by 0.0001 s, before process 2 began to enqueue \"b\" at 0.0002 s")]
    public void Of_a_queue_it_is_told_who_took_what_too_early(string lines, string sentence) => Tells(CollectionModel.Queue, lines, sentence);

    /// <summary>Four readers who see two concurrent writes in both orders: no two of the operations contradict each other.</summary>
    [Fact]
    public void What_has_no_known_shape_is_told_by_its_last_answer()
    {
        var result = Judge(KeyValueModel.Kv, "1 write k a @ 0-900000\n2 write k b @ 0-900000\n3 read k -> a @ 100000-200000\n3 read k -> b @ 300000-400000\n3 read k -> a @ 500000-600000\n7 write other x @ 0-1");

        Assert.Equal("process 3 read \"a\" at 0.0005 s: in every order that the times allow, one of the operations below had to answer something else", result.Details[0]);
        Assert.Equal("5 of the key's 5 operations show it:", result.Details[1]);
    }

    [Fact]
    public void A_key_that_is_written_and_counted_keeps_its_increments()
    {
        var lines = "1 write k 5 @ 0-100000\n1 incr k 1 @ 200000-300000\n1 incr k 1 @ 400000-500000\n2 read k -> 6 @ 600000-700000";

        var result = Judge(KeyValueModel.Kv, lines);

        Assert.Equal("process 2 read \"6\" at 0.0006 s: in every order that the times allow, one of the operations below had to answer something else", result.Details[0]);
        Assert.Equal(4, result.Piece.Count);
    }

    [Fact]
    public void Of_hundreds_of_operations_three_are_shown()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 200).Select(i => $"{i % 5} write k v{i} @ {i * 10}-{(i * 10) + 9}\n{9 + (i % 5)} read k -> v{i} @ {(i * 10) + 9}-{(i * 10) + 10}"));

        var result = Judge(KeyValueModel.Kv, lines + "\n77 read k -> v120 @ 1950-1960");

        Assert.Contains("3 of the key's 401 operations show it:", result.Details);
    }

    [Fact]
    public void A_long_answer_is_shown_by_its_two_ends()
    {
        var values = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"v{i}\""));

        var result = Judge(CollectionModel.Set, $"1 read s -> [{values}] @ 0-1000000");

        Assert.All(result.Details, line => Assert.InRange(line.Length, 1, 250));
        Assert.EndsWith("\"v499\"]\" (ok, 0.0000 s to 0.0010 s)", result.Details[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Sets_queues_and_lists_are_judged_as_one_copy()
    {
        Assert.Equal(Verdict.Holds, Judge(CollectionModel.Queue, "1 enqueue q a @ 0-9\n2 enqueue q b @ 0-9\n3 dequeue q -> b @ 10-11\n3 dequeue q -> a @ 12-13\n3 dequeue q -> nothing @ 14-15").Verdict);
        Assert.Equal(Verdict.Holds, Judge(CollectionModel.Set, "1 add s b @ 0-1\n2 add s a @ 2-3\n3 read s -> [\"a\",\"b\"] @ 4-5\n3 remove s b @ 6-7\n3 read s -> [\"a\"] @ 8-9").Verdict);
        Assert.Equal(Verdict.Holds, Judge(CollectionModel.List, "1 append l b @ 0-1\n2 append l a @ 2-3\n3 read l -> [\"b\",\"a\"] @ 4-5").Verdict);
    }

    private static void Tells(IModel model, string lines, string sentence)
    {
        var result = Judge(model, lines);

        Assert.Equal(Verdict.Violated, result.Verdict);
        Assert.Equal(sentence, result.Details[0]);
    }

    private static CheckResult Judge(IModel model, string lines) => new LinearizabilityChecker(model, CheckLimits.Default, TimeProvider.System).Check(Recorded.History(lines));
}
