using Cluster.Engine.Port;
using Cluster.Modes.Shop;
using Cluster.Shared.Results;

namespace Cluster.Modes.Tests.Shop;

/// <summary>What comes to one entity while a write is under way goes with the next, in its order; entities do not wait for each other; each asker hears of its own command.</summary>
public class EntityWriterActorTests
{
    private readonly ActorStage stage = new();
    private readonly List<(object Message, IActorRef Sender)> region = [];
    private readonly List<(object Message, IActorRef Sender)> asker = [];
    private readonly IActorRef askerRef;
    private readonly IActorRef writer;

    public EntityWriterActorTests()
    {
        askerRef = stage.Recorder(asker);
        var way = new Way(stage.Recorder(region));
        writer = stage.System.ActorOf(Props.Create(() => new EntityWriterActor<string>(
            way, static commands => string.Join(' ', commands), static reply => reply is Written written ? (written.Entity, written.Words.Split(' ')) : null)));
    }

    [Fact]
    public void What_comes_meanwhile_goes_together_and_other_entities_at_once()
    {
        Tell("tea", "a", "b", "c");
        Tell("salt", "d");
        Assert.Equal([new ToEntity("tea", "a"), new ToEntity("salt", "d")], region.Select(sent => sent.Message));

        Answer(new Written("tea", "A"));
        Assert.Equal(new ToEntity("tea", "b c"), region[^1].Message);
        Answer(new Written("tea", "B C"));
        Answer(new Written("salt", "D"));
        Assert.Equal(["A", "B", "C", "D"], asker.Select(heard => heard.Message));
        Assert.All(asker, heard => Assert.Equal(writer, heard.Sender));
        Assert.Equal(3, region.Count);
    }

    [Fact]
    public void All_of_a_write_hear_that_it_has_no_outcome_and_the_next_goes()
    {
        Tell("tea", "a", "b", "c");
        Answer(new Written("tea", "A"));
        Tell("tea", "d");
        var down = new EntityUnavailable("ledger", "tea", new ClusterError(ErrorCode.OutcomeUnknown, "no answer"));
        Answer(down);

        Assert.Equal(["A", down, down], asker.Select(heard => heard.Message));
        Assert.Equal(new ToEntity("tea", "d"), region[^1].Message);
    }

    private void Tell(string entity, params string[] commands)
    {
        foreach (var command in commands)
        {
            writer.Tell(new ToEntity(entity, command), askerRef);
        }

        stage.Settle();
    }

    private void Answer(object reply)
    {
        writer.Tell(reply, region[0].Sender);
        stage.Settle();
    }

    private sealed record Written(string Entity, string Words);

    private sealed class Way(IActorRef to) : IShardRegion
    {
        public EntityType Type => Ledger.TypeOf("t");

        public IActorRef Ref => to;

        public Task<TReply> AskAsync<TReply>(string entityId, object command, TimeSpan timeout, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<TReply> AskStaleAsync<TReply>(string entityId, IEntityQuery query, TimeSpan timeout, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
