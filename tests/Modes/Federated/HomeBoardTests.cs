using Cluster.Modes.Federated;

namespace Cluster.Modes.Tests.Federated;

/// <summary>When a node that has just started may take its cluster for a group's home: by what was said of that group, and by nothing else that was heard.</summary>
public class HomeBoardTests
{
    private static readonly HomeEpoch First = new(1, "east", WriteVersion.None);
    private static readonly HomeEpoch Second = new(2, "west", new WriteVersion(1, "east", 5));

    private readonly HomeBoard board = new();

    [Fact]
    public void A_node_is_sure_of_a_group_that_every_other_cluster_has_named_and_of_no_other()
    {
        board.NoteOwn("east/0", First);
        board.NoteOwn("east/1", First);
        board.Heard("west", TimeSpan.Zero);
        Assert.False(board.IsSure("east/0", ["west"])); // That it was heard at all says nothing.

        board.Told("west", "east/0", First);
        Assert.True(board.IsSure("east/0", ["west"]));
        Assert.False(board.IsSure("east/1", ["west"]));
        Assert.False(board.IsSure("east/0", ["north", "west"]));
    }

    [Fact]
    public void It_is_not_sure_before_its_own_group_has_learnt_what_was_told()
    {
        board.Told("west", "east/0", Second);
        Assert.False(board.IsSure("east/0", ["west"]));
        board.NoteOwn("east/0", First);
        Assert.False(board.IsSure("east/0", ["west"]));
        board.Note("east/0", Second); // A hint is not the group's word.
        Assert.False(board.IsSure("east/0", ["west"]));
        board.NoteOwn("east/0", Second);
        Assert.True(board.IsSure("east/0", ["west"]));
    }

    [Fact]
    public void A_hint_of_a_later_home_is_not_taken_for_the_word_of_the_own_group()
    {
        board.NoteOwn("east/0", First);
        Assert.True(board.Note("east/0", Second));

        Assert.Equal(("west", First), (board.Home("east/0").Home, board.Own("east/0")));
        Assert.Null(board.Own("east/1"));
    }

    [Fact]
    public void What_was_told_later_stays_whatever_comes_after_it()
    {
        board.Told("west", "east/0", Second);
        board.Told("west", "east/0", First);

        Assert.Equal(new ToldHome("west", "east/0", Second), Assert.Single(board.AllTold));
    }
}
