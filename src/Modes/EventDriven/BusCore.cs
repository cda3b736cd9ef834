using System.Collections.Immutable;
using Cluster.Engine.Port;

namespace Cluster.Modes.EventDriven;

/// <summary>The bus's registry, pure: which events there are, in which versions, and who wants them. Producers and consumers know it, and not each other.</summary>
internal sealed class BusCore : IDecider<BusState, BusCommand, BusEvent>
{
    /// <summary>The bus is one.</summary>
    public const string Id = "bus";

    public const int MaxTypes = 500;

    public const int MaxVersions = 50;

    /// <summary>Each is a consumer on every node.</summary>
    public const int MaxSubscriptions = 32;

    public static readonly EntityType<BusState, BusCommand, BusEvent> Type =
        new EntityType<BusState, BusCommand, BusEvent>("event-driven-bus", new BusCore(), 1, EventDrivenJson.Default.BusState)
            .Message("register", 1, EventDrivenJson.Default.RegisterSchema)
            .Message("subscribe", 1, EventDrivenJson.Default.Subscribe)
            .Message("unsubscribe", 1, EventDrivenJson.Default.Unsubscribe)
            .Message("read", 1, EventDrivenJson.Default.ReadBus)
            .Message("registered", 1, EventDrivenJson.Default.SchemaRegistered)
            .Message("subscribed", 1, EventDrivenJson.Default.Subscribed)
            .Message("unsubscribed", 1, EventDrivenJson.Default.Unsubscribed)
            .Message("bus", 1, EventDrivenJson.Default.BusState);

    public BusState Empty { get; } = new(ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal), ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal));

    public Decided<BusEvent> Decide(BusState state, BusCommand command, EntityContext context) => command switch
    {
        ReadBus => Decided<BusEvent>.Answer(state),
        RegisterSchema register => Register(state, register),
        Subscribe subscribe when state.Subscriptions.TryGetValue(subscribe.Name, out var types) => types.SequenceEqual(subscribe.Types)
            ? Decided<BusEvent>.Answer(state)
            : Decided<BusEvent>.Refuse($"subscription {subscribe.Name} is there already, for {(types.IsEmpty ? "all types" : string.Join(", ", types))}"),
        Subscribe subscribe when subscribe.Name.Contains('/', StringComparison.Ordinal) =>
            Decided<BusEvent>.Refuse($"a subscription's name has no slash, and '{subscribe.Name}' has one: with a key behind it, it would name another subscription's inbox"),
        Subscribe when state.Subscriptions.Count == MaxSubscriptions => Decided<BusEvent>.Refuse($"there are {MaxSubscriptions} subscriptions, the most there may be"),
        Subscribe subscribe => Happen(state, new Subscribed(subscribe.Name, subscribe.Types)),
        Unsubscribe unsubscribe when state.Subscriptions.ContainsKey(unsubscribe.Name) => Happen(state, new Unsubscribed(unsubscribe.Name)),
        Unsubscribe => Decided<BusEvent>.Answer(state),
        _ => Decided<BusEvent>.Refuse($"the bus does not know {command.GetType().Name}"),
    };

    public BusState Apply(BusState state, BusEvent @event) => @event switch
    {
        SchemaRegistered registered => state with { Schemas = state.Schemas.SetItem(registered.Type, [.. Versions(state, registered.Type), registered.Fields]) },
        Subscribed subscribed => state with { Subscriptions = state.Subscriptions.SetItem(subscribed.Name, subscribed.Types) },
        Unsubscribed unsubscribed => state with { Subscriptions = state.Subscriptions.Remove(unsubscribed.Name) },
        _ => throw new ArgumentException($"nothing is known of {@event.GetType().Name}", nameof(@event)),
    };

    /// <summary>The fields of each version of a type, from 1.</summary>
    public static ImmutableArray<string> Versions(BusState state, string type) => state.Schemas.GetValueOrDefault(type, []);

    private Decided<BusEvent> Register(BusState state, RegisterSchema register)
    {
        var versions = Versions(state, register.Type);
        if (!EventSchema.TryParse(register.Fields, out var schema, out var why))
        {
            return Decided<BusEvent>.Refuse(why);
        }

        if (register.Version <= versions.Length)
        {
            return versions[register.Version - 1] == register.Fields
                ? Decided<BusEvent>.Answer(state)
                : Decided<BusEvent>.Refuse($"{register.Type} version {register.Version} is there already, and otherwise: {versions[register.Version - 1]}");
        }

        if (register.Version > versions.Length + 1 || register.Version > MaxVersions || (versions.IsEmpty && state.Schemas.Count == MaxTypes))
        {
            return Decided<BusEvent>.Refuse($"the next version of {register.Type} is {versions.Length + 1}; there may be {MaxVersions} versions, and {MaxTypes} types");
        }

        return versions.Length > 0 && EventSchema.TryParse(versions[^1], out var before, out _) && schema.WhyNotAfter(before) is { } broken
            ? Decided<BusEvent>.Refuse($"version {register.Version} of {register.Type} cannot read what version {versions.Length} wrote: {broken}")
            : Happen(state, new SchemaRegistered(register.Type, register.Fields));
    }

    private Decided<BusEvent> Happen(BusState state, BusEvent happens) => Decided<BusEvent>.Accept(happens).With(Apply(state, happens));
}
