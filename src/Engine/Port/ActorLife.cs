namespace Cluster.Engine.Port;

/// <summary>What an engine calls on the actors it runs; actors themselves never do. The one place through which an engine in another assembly drives them.</summary>
public static class ActorLife
{
    [ThreadStatic]
    private static IActorContext? offered;

    /// <summary>Makes the actor with its context already in place, so that its constructor may use it.</summary>
    /// <exception cref="InvalidOperationException">The factory gave back an actor that it had made earlier.</exception>
    public static Actor Create(Props props, IActorContext context)
    {
        var outer = offered;
        offered = context;
        try
        {
            var actor = props.NewActor();
            return ReferenceEquals(actor.OwnContext, context)
                ? actor
                : throw new InvalidOperationException($"The Props of {context.Self.Path} gave an actor that belongs to {actor.OwnContext.Self.Path}: make a new one each time");
        }
        finally
        {
            offered = outer;
        }
    }

    public static void Receive(Actor actor, object message) => actor.Dispatch(message);

    public static void PreStart(Actor actor) => actor.CallPreStart();

    public static void PostStop(Actor actor) => actor.CallPostStop();

    public static void PreRestart(Actor actor, Exception reason, object? message) => actor.CallPreRestart(reason, message);

    public static void PostRestart(Actor actor, Exception reason) => actor.CallPostRestart(reason);

    public static SupervisorStrategy SupervisorStrategyOf(Actor actor) => actor.OwnStrategy;

    internal static IActorContext? TakeContext()
    {
        var context = offered;
        offered = null;
        return context;
    }
}
