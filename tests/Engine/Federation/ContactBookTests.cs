using Cluster.Engine.Federation;
using Cluster.Shared.Ids;

namespace Cluster.Engine.Tests.Federation;

/// <summary>Which contact of another cluster is told next.</summary>
public class ContactBookTests
{
    private static readonly NodeAddress[] Three = [new("a", 1), new("b", 1), new("c", 1)];

    private readonly ContactBook book = new(new FederatedCluster("west", Three));

    [Fact]
    public void Nobody_is_told_while_no_link_stands() => Assert.Null(book.Next());

    [Fact]
    public void Those_whose_links_stand_are_told_in_turn()
    {
        book.Note(Three[0], isUp: true);
        book.Note(Three[2], isUp: true);
        book.Note(new NodeAddress("stranger", 1), isUp: true);

        Assert.Equal([Three[2], Three[0], Three[2]], Enumerable.Range(0, 3).Select(_ => book.Next()!.Value));

        book.Note(Three[2], isUp: false);
        Assert.Equal([Three[0], Three[0]], Enumerable.Range(0, 2).Select(_ => book.Next()!.Value));
    }
}
