using Cluster.Engine.Port;
using Cluster.Modes.LogBased;

namespace Cluster.Modes.Tests.LogBased;

public class TopicCoreTests
{
    private static readonly EntityContext Context = new("t", DateTimeOffset.UnixEpoch);
    private readonly TopicCore core = new();

    [Fact]
    public void A_topic_is_made_once_and_used_only_when_its_partitions_have_been_told()
    {
        var settings = new TopicSettings(2, "compact", 0, 0);
        var made = Do(core.Empty, new CreateTopic(settings));

        Assert.Equal(new TopicState(settings, IsOpen: false), made);
        Assert.Equal(made, Do(made, new CreateTopic(settings)));
        Assert.NotNull(core.Decide(made, new CreateTopic(settings with { Partitions = 3 }), Context).Refusal);
        Assert.True(Do(made, new OpenTopic()).IsOpen);
    }

    [Fact]
    public void One_that_is_used_before_it_is_made_is_as_usual_and_open() => Assert.Equal(new TopicState(TopicCore.Usual, IsOpen: true), Do(core.Empty, new UseTopic()));

    private TopicState Do(TopicState state, TopicCommand command)
    {
        var decided = core.Decide(state, command, Context);
        Assert.Null(decided.Refusal);
        return decided.Events.Aggregate(state, core.Apply);
    }
}
