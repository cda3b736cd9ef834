using Cluster.Modes.Hosting;

namespace Cluster.Modes.Cqrs;

/// <summary>What the two sides can be asked.</summary>
internal static class CqrsOperations
{
    private const int MaxNameBytes = 100;

    private static readonly ModeArgument Id = ModeArgument.Text("id", "The order", MaxNameBytes);
    private static readonly ModeArgument Projection = ModeArgument.Choice("projection", "Which one", [.. OrderProjections.All]);

    public static IReadOnlyList<ModeOperation> All { get; } =
    [
        new("command", "Has an order do something, and answers its new version and a token for queries; 409 where its state forbids it, or where it is not at the version that was expected; 400 for a name too long to place.")
        {
            Arguments =
            [
                Id,
                ModeArgument.Choice("verb", "What it is to do", "place", "pay", "ship", "cancel"),
                ModeArgument.Text("customer", "Of an order that is placed", MaxNameBytes).Optional(),
                ModeArgument.Text("item", "Of an order that is placed", MaxNameBytes).Optional(),
                ModeArgument.Number("amount", "Of an order that is placed, in cents", 1, 1_000_000).Or("100"),
                ModeArgument.Text("command", "The command's own id: sent again with it, it is obeyed once; 409 for another command", MaxNameBytes).Optional(),
                ModeArgument.Number("expect", "The version that the order must be at", 0, 1_000_000).Optional(),
            ],
        },
        new("history", "Everything that has happened to an order, from the event store.") { Arguments = [Id], IsRead = true },
        new("order", "An order as the projection has it; with a token it waits until the projection has come so far, and answers 503 if it does not.")
        {
            Arguments =
            [
                Id,
                ModeArgument.Text("token", "What a command answered", 64).Optional(),
                ModeArgument.Duration("wait", "How long to wait for it", TimeSpan.Zero, ModeHost.Patience - TimeSpan.FromSeconds(1)).Or("2s"),
            ],
            IsRead = true,
        },
        new("view", "The rows of a projection by name, 5,000 at a time, and how many events it is behind; what it answers as next, given as after, shows those that follow.")
        {
            Arguments = [Projection, ModeArgument.Text("after", "Only rows after this one", MaxNameBytes).Optional()],
            IsRead = true,
        },
        new("projections", "How far each projection is behind, and what is being built.") { IsRead = true },
        new("rebuild", "Builds a projection anew from the first event, beside the live one, which answers until the new one has come as far.") { Arguments = [Projection] },
        new("pause", "Holds a projection: commands go on, and the lag grows.") { Arguments = [Projection] },
        new("resume", "Lets it go on.") { Arguments = [Projection] },
    ];
}
