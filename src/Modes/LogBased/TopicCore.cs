using Cluster.Engine.Port;

namespace Cluster.Modes.LogBased;

/// <summary>A topic's entry in the catalogue of topics, pure: how many partitions it has and how they are kept, once and for good. It is open when each partition has been told.</summary>
internal sealed class TopicCore : IDecider<TopicState, TopicCommand, TopicEvent>
{
    public const int MaxPartitions = Streams.GroupCore.MaxPartitions;

    /// <summary>What a topic is that somebody uses before anybody has made it.</summary>
    public static readonly TopicSettings Usual = new(4, "delete", 0, 0);

    public static readonly EntityType<TopicState, TopicCommand, TopicEvent> Type =
        new EntityType<TopicState, TopicCommand, TopicEvent>("log-based-topic", new TopicCore(), 1, LogBasedJson.Default.TopicState)
            .Message("create", 1, LogBasedJson.Default.CreateTopic)
            .Message("use", 1, LogBasedJson.Default.UseTopic)
            .Message("open", 1, LogBasedJson.Default.OpenTopic)
            .Message("read", 1, LogBasedJson.Default.ReadTopic)
            .Message("created", 1, LogBasedJson.Default.TopicCreated)
            .Message("opened", 1, LogBasedJson.Default.TopicOpened)
            .Message("topic", 1, LogBasedJson.Default.TopicState);

    public TopicState Empty { get; } = new(null, false);

    public Decided<TopicEvent> Decide(TopicState state, TopicCommand command, EntityContext context) => command switch
    {
        ReadTopic => Decided<TopicEvent>.Answer(state),
        UseTopic when state.Settings is not null => Decided<TopicEvent>.Answer(state),
        UseTopic => Happen(state, new TopicCreated(Usual)),
        CreateTopic { Settings.Partitions: < 1 or > MaxPartitions } => Decided<TopicEvent>.Refuse($"a topic has 1 to {MaxPartitions} partitions"),
        CreateTopic create when state.Settings is null => Happen(state, new TopicCreated(create.Settings)),
        CreateTopic create when state.Settings == create.Settings => Decided<TopicEvent>.Answer(state),
        CreateTopic => Decided<TopicEvent>.Refuse($"topic {context.EntityId} is there already, and otherwise: {state.Settings}"),
        OpenTopic when state.Settings is not null && !state.IsOpen => Happen(state, new TopicOpened()),
        OpenTopic => Decided<TopicEvent>.Answer(state),
        _ => Decided<TopicEvent>.Refuse($"a topic does not know {command.GetType().Name}"),
    };

    public TopicState Apply(TopicState state, TopicEvent @event) => @event switch
    {
        TopicCreated created => new TopicState(created.Settings, IsOpen: created.Settings == Usual),
        TopicOpened => state with { IsOpen = true },
        _ => throw new ArgumentException($"nothing is known of {@event.GetType().Name}", nameof(@event)),
    };

    private Decided<TopicEvent> Happen(TopicState state, TopicEvent happens) => Decided<TopicEvent>.Accept(happens).With(Apply(state, happens) with { IsNew = happens is TopicCreated });
}
