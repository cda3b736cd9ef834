using Cluster.Engine.Port;

namespace Cluster.Modes.Lock;

/// <summary>
/// What a lock guards, and what enforces it: a value that takes a write only with a token no older than the newest it has seen. It knows nothing of the lock: not who holds it, not
/// which clock the lease ran on. That is why no pause, skew or late message can fool it (Kleppmann 2016; Chubby's sequencers, Burrows 2006, 2.4).
/// </summary>
internal sealed class ResourceCore : IDecider<ResourceState, ResourceCommand, Accessed>
{
    /// <summary>Longest value, in bytes of UTF-8: it travels with every access and stands in the state.</summary>
    public const int MaxValueBytes = 4_096;

    public static readonly EntityType<ResourceState, ResourceCommand, Accessed> Type =
        new EntityType<ResourceState, ResourceCommand, Accessed>("lock-resource", new ResourceCore(), 1, LockJson.Default.ResourceState)
            .Message("access", 1, LockJson.Default.Access)
            .Message("read", 1, LockJson.Default.ReadResource)
            .Message("accessed", 1, LockJson.Default.Accessed)
            .Message("resource", 1, LockJson.Default.ResourceState);

    public ResourceState Empty { get; } = new(0, 0, "");

    public Decided<Accessed> Decide(ResourceState state, ResourceCommand command, EntityContext context)
    {
        if (command is not Access access)
        {
            return Decided<Accessed>.Answer(state);
        }

        if (access.Token < state.NewestToken && !access.Unfenced)
        {
            return Decided<Accessed>.Refuse($"token {access.Token} is too old for {context.EntityId}: it has been used with token {state.NewestToken} since, so the lock has passed on");
        }

        var happens = new Accessed(access.Token, access.Value);
        return Decided<Accessed>.Accept(happens).With(Apply(state, happens));
    }

    public ResourceState Apply(ResourceState state, Accessed @event) => new(@event.Token, state.Accesses + 1, @event.Value);
}
