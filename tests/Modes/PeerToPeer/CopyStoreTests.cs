using Cluster.Modes.PeerToPeer;

namespace Cluster.Modes.Tests.PeerToPeer;

public class CopyStoreTests
{
    private static StoredCopy Copy(long count, string writer, string? value = "v") => new("k", value, new CopyTag(count, writer));

    [Fact]
    public void The_newer_copy_stays_whichever_comes_first()
    {
        foreach (var order in new[] { new[] { Copy(1, "a"), Copy(2, "b") }, [Copy(2, "b"), Copy(1, "a")] })
        {
            var store = new CopyStore();
            _ = order.Count(store.Take);

            Assert.Equal("2@b", store.Find("k")!.Tag.ToString());
        }
    }

    [Fact]
    public void Of_two_that_found_the_same_the_same_stays_everywhere()
    {
        var (one, other) = (new CopyStore(), new CopyStore());
        one.Take(Copy(3, "n1-x"));
        one.Take(Copy(3, "n2-y"));
        other.Take(Copy(3, "n2-y"));
        other.Take(Copy(3, "n1-x"));

        Assert.Equal(one.Find("k"), other.Find("k"));
    }

    [Fact]
    public void A_deletion_is_a_copy_too_that_an_older_value_does_not_undo()
    {
        var store = new CopyStore();
        store.Take(Copy(2, "a", value: null));

        Assert.False(store.Take(Copy(1, "b")));
        Assert.Null(store.Find("k")!.Value);
    }

    [Fact]
    public void What_is_dropped_is_the_copy_that_was_meant()
    {
        var store = new CopyStore();
        store.Take(Copy(1, "a"));
        store.Take(Copy(2, "a"));

        store.Drop("k", new CopyTag(1, "a"));
        Assert.NotNull(store.Find("k"));
        store.Drop("k", new CopyTag(2, "a"));
        Assert.Null(store.Find("k"));
    }

    [Fact]
    public void The_broken_one_keeps_whatever_comes_last()
    {
        var store = new CopyStore(keepsWhatComesLast: true);
        store.Take(Copy(2, "a"));

        Assert.True(store.Take(Copy(1, "b")));
        Assert.Equal("1@b", store.Find("k")!.Tag.ToString());
    }

    [Fact]
    public void A_full_peer_refuses_what_it_lacks_and_is_not_taken_for_one_that_has_it()
    {
        var full = new CopyStore(most: 1);
        full.Take(Copy(1, "a"));
        IReadOnlyList<OfferedTag> offered = [new("k", new CopyTag(1, "a")), new("lacking", new CopyTag(1, "a"))];
        var answer = full.Judge(new Offer(1, offered), charsMax: 1_000);

        Assert.Equal(["lacking"], answer.Refused);
        Assert.Empty(answer.Wanted);
        Assert.Equal(["k"], answer.HadOf(offered).Select(tag => tag.Key));
    }

    [Fact]
    public void A_full_peer_takes_a_newer_copy_of_what_it_has()
    {
        var full = new CopyStore(most: 1);
        full.Take(Copy(1, "a"));

        Assert.Equal(["k"], full.Judge(new Offer(1, [new("k", new CopyTag(2, "a"))]), charsMax: 1_000).Wanted);
        Assert.True(full.Take(Copy(2, "a")));
    }

    [Fact]
    public void What_a_peer_wants_or_has_newer_it_does_not_have()
    {
        var store = new CopyStore();
        store.Take(Copy(2, "a"));
        IReadOnlyList<OfferedTag> offered = [new("k", new CopyTag(1, "a")), new("lacking", new CopyTag(1, "a"))];
        var answer = store.Judge(new Offer(1, offered), charsMax: 1_000);

        Assert.Equal(["lacking"], answer.Wanted);
        Assert.Equal(["2@a"], answer.Newer.Select(newer => newer.Tag.ToString()));
        Assert.Empty(answer.Refused);
        Assert.Empty(answer.HadOf(offered));
    }

    [Fact]
    public void Of_an_answer_that_tells_not_all_nothing_is_concluded()
    {
        var store = new CopyStore();
        store.Take(Copy(2, "a"));
        store.Take(Copy(2, "a") with { Key = "l" });
        store.Take(Copy(1, "a") with { Key = "m" });
        IReadOnlyList<OfferedTag> offered = [new("k", new CopyTag(1, "a")), new("l", new CopyTag(1, "a")), new("m", new CopyTag(1, "a"))];
        var answer = store.Judge(new Offer(1, offered), charsMax: 1);

        Assert.True(answer.IsMore);
        Assert.Single(answer.Newer);
        Assert.Empty(answer.HadOf(offered));
    }
}
