using Cluster.Modes.SharedEverything;

namespace Cluster.Modes.Tests.SharedEverything;

/// <summary>What a transaction does with the row that it has locked; and the race between its commit and the patience of who waits for it.</summary>
public class RowCoreTests
{
    private static readonly string[] Texts = ["a", "b"];

    [Fact]
    public void A_row_is_changed_as_a_dictionary_would_be()
    {
        foreach (var stands in Texts.Prepend(null))
        {
            foreach (var expected in Texts.Prepend(null))
            {
                Assert.Equal(stands == expected, RowCore.Decide(Order(RowOperation.CompareAndSet, expected, "n"), stands) is RowMove.Write or RowMove.InsertIfNone);
                Assert.Equal(stands != expected, RowCore.Decide(Order(RowOperation.CompareAndSet, expected, "n"), stands) == RowMove.Refuse);
            }

            Assert.Equal(RowMove.Write, RowCore.Decide(Order(RowOperation.Put, null, "n"), stands));
            Assert.Equal(stands is null ? RowMove.Nothing : RowMove.Delete, RowCore.Decide(Order(RowOperation.Delete, null, null), stands));
        }
    }

    [Fact]
    public void What_is_kept_with_an_id_tells_requests_apart_that_differ_in_anything()
    {
        string?[] texts = [null, "", "a", "1:a", ":", "a1:a"];
        var orders = from operation in Enum.GetValues<RowOperation>() from expected in texts from value in texts select Order(operation, expected, value);
        var asked = orders.Select(RowCore.Asked).ToList();

        Assert.Equal(asked.Count, asked.Distinct().Count());
        Assert.Equal(asked, orders.Select(RowCore.Asked));
    }

    [Fact]
    public void Where_there_is_no_row_to_lock_it_is_written_only_if_there_still_is_none() =>
        Assert.Equal(RowMove.InsertIfNone, RowCore.Decide(Order(RowOperation.CompareAndSet, null, "n"), null));

    [Fact]
    public void An_attempt_is_given_up_or_commits_and_never_both()
    {
        var late = new Attempt();
        Assert.True(late.TryAbandon());
        Assert.False(late.TryCommit());
        Assert.False(late.MayHaveCommitted);
        Assert.True(late.TryAbandon());

        var quick = new Attempt();
        Assert.True(quick.TryCommit());
        Assert.False(quick.TryAbandon());
        Assert.True(quick.MayHaveCommitted);
    }

    private static RowOrder Order(RowOperation operation, string? expected, string? value) => new("s", 1, "k", operation, expected, value);
}
