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
}
