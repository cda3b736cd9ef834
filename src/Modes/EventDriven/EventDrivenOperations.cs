using Cluster.Modes.Hosting;

namespace Cluster.Modes.EventDriven;

/// <summary>What the bus can be asked.</summary>
internal static class EventDrivenOperations
{
    private const int MaxNameBytes = 64;

    private const int MaxDataBytes = 64 * 1024;

    private static readonly ModeArgument Type = ModeArgument.Text("type", "The event's type, as order-placed", MaxNameBytes);
    private static readonly ModeArgument Version = ModeArgument.Number("version", "Of the type's shape", 1, BusCore.MaxVersions);
    private static readonly ModeArgument Subscription = ModeArgument.Text("subscription", "Whose consumer", MaxNameBytes);
    private static readonly ModeArgument Key = ModeArgument.Text("key", "Events of one key are handled in their order", MaxNameBytes);
    private static readonly ModeArgument Partition = ModeArgument.Number("partition", "Of the bus", 0, EventDrivenServices.Partitions - 1);

    public static IReadOnlyList<ModeOperation> All { get; } =
    [
        new("register", "Registers the next version of an event type; 409 where it could not read what the version before wrote.")
        {
            Arguments = [Type, Version, ModeArgument.Text("fields", "name:text, name:number or name:flag, with =DEFAULT where it may be left out, and commas between", 2_000)],
        },
        new("subscribe", "Subscribes: from the first event that is kept, consumers on all nodes share the work.")
        {
            Arguments = [Subscription, ModeArgument.Text("types", "Types that are wanted, with commas between; all if not given", 2_000).Optional()],
        },
        new("unsubscribe", "Ends a subscription. Where it stood is kept, for one of the same name.") { Arguments = [Subscription] },
        new("bus", "Every event type with its versions, and every subscription.") { IsRead = true },
        new("publish", "Publishes an event, and answers when a majority has it on disk; 404 for a type or a version that is not registered, 400 for data of another shape.")
        {
            Arguments =
            [
                Type,
                Version.Or("1"),
                Key,
                ModeArgument.Text("data", "A JSON object", MaxDataBytes),
                ModeArgument.Text("id", "The event's own id: published again with it, it is handled once", MaxNameBytes).Optional(),
                ModeArgument.Number("fails", "For trying: so many attempts at handling it fail; five make a dead letter", 0, 1_000).Or("0"),
            ],
        },
        new("subscription", "Who consumes for a subscription, and how far it is behind.") { Arguments = [Subscription], IsRead = true },
        new("effects", "What a subscription has made of a key's events: how many, the total of their amounts, and their ids in the order of their effects.") { Arguments = [Subscription, Key], IsRead = true },
        new("dead-letters", "What a subscription has given up.") { Arguments = [Subscription], IsRead = true },
        new("redrive", "Sends a dead letter again, to this subscription only.") { Arguments = [Subscription, Partition, ModeArgument.Number("offset", "The dead letter's", 0, 9_007_199_254_740_992)] },
    ];
}
