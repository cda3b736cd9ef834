using System.Text.Json;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Shop;

/// <summary>The three participants of one mode: their entity types, the way to them from a node, and what clients may ask of any of them.</summary>
public sealed class ShopLedgers
{
    /// <summary>Longest id of an order and longest name of a ledger, in bytes: each stands in every message about it.</summary>
    public const int MaxNameBytes = 100;

    /// <summary>Most pieces or cents of one order: more than any ledger has, so that too much can be asked for.</summary>
    private const long MaxAmount = 10 * Ledger.Opening;

    /// <summary>Times that a ledger of several pages is read again from its beginning, because it changed meanwhile.</summary>
    private const int MostRestarts = 10;

    private static readonly string[] Kinds = ["stock", "payment", "shipping"];

    private readonly Dictionary<Participant, EntityType> types;

    /// <param name="slug">The mode's: its ledgers are its own.</param>
    public ShopLedgers(string slug)
    {
        types = Enum.GetValues<Participant>().ToDictionary(participant => participant, participant => (EntityType)Ledger.TypeOf($"{slug}-{Kinds[(int)participant]}"));
        Look = new ModeOperation("look", "What a reader finds of an order at each of the three participants") { IsRead = true, Arguments = [Id] };
    }

    /// <summary>What an order needs; each mode adds its own.</summary>
    public static IReadOnlyList<ModeArgument> OrderArguments { get; } =
    [
        ModeArgument.Text("id", "The order's own id: asked again with it, the same order is meant", MaxNameBytes).Optional(),
        ModeArgument.Text("item", "What is ordered", MaxNameBytes),
        ModeArgument.Number("quantity", "Pieces", 1, MaxAmount).Or("1"),
        ModeArgument.Text("customer", "Who pays", MaxNameBytes),
        ModeArgument.Number("price", "Cents, for all of it", 1, MaxAmount).Or("100"),
        ModeArgument.Text("carrier", "Who brings it", MaxNameBytes).Or("post"),
        ModeArgument.Choice("fail-at", "The participant that is to refuse on purpose", "none", "stock", "payment", "shipping").Or("none"),
    ];

    public static ModeArgument Id { get; } = ModeArgument.Text("id", "The order's id", MaxNameBytes);

    public static ModeOperation ReadLedger { get; } = new("ledger", "What is left of an item, a customer's money or a carrier's capacity, and what became of each order there")
    {
        IsRead = true,
        Arguments = [ModeArgument.Choice("at", "The participant", Kinds), ModeArgument.Text("name", "The item, the customer or the carrier", MaxNameBytes)],
    };

    public ModeOperation Look { get; }

    public IReadOnlyList<EntityType> Types => [.. types.Values];

    /// <summary>The order that a request asks for.</summary>
    /// <param name="id">What it is called where the client gave no id.</param>
    public static Order ReadOrder(ModeRequest request, string id) => new(
        request.Find("id") ?? id, request.Text("item"), request.Number("quantity"), request.Text("customer"), request.Number("price"), request.Text("carrier"), ParticipantOf(request.Text("fail-at")));

    /// <summary>The regions of all participants, from this node.</summary>
    public IReadOnlyDictionary<Participant, IShardRegion> On(IModeNode node) => types.ToDictionary(type => type.Key, type => node.Sharding.Start(type.Value));

    /// <summary>Serves <see cref="ReadLedger"/>: page by page, from the beginning again where an order was posted in between.</summary>
    public static GatherStep Read(ModeRequest request, IReadOnlyDictionary<Participant, IShardRegion> ledgers)
    {
        var (at, name) = (request.Text("at"), request.Text("name"));
        var region = ledgers[ParticipantOf(at)!.Value];
        return Ask([], restarts: 0);

        GatherStep Ask(IReadOnlyList<LedgerPage> before, int restarts) =>
            GatherStep.Ask([new Question(region, name, new ReadLedger(before.Count == 0 ? null : before[^1].Entries[^1].Order))], replies => replies[0] is LedgerPage page ? Take(before, page, restarts) : GatherStep.Done(ModeAnswer.Of(replies[0])));

        GatherStep Take(IReadOnlyList<LedgerPage> before, LedgerPage page, int restarts) =>
            before.Count > 0 && before[0].Posted != page.Posted ? restarts < MostRestarts
                ? Ask([], restarts + 1)
                : GatherStep.Done(ModeAnswer.Unavailable($"the ledger {name} at {at} changes faster than its {before.Count + 1} and more pages can be read: ask again when fewer orders are placed"))
            : page.HasMore ? Ask([.. before, page], restarts)
            : GatherStep.Done(ModeAnswer.Ok(View(at, name, [.. before, page]), ShopJson.Default.LedgerView));
    }

    /// <summary>Questions for what became of an order at each participant, in their order.</summary>
    public static IReadOnlyList<Question> EntriesOf(Order order, IReadOnlyDictionary<Participant, IShardRegion> ledgers) =>
        [.. Enum.GetValues<Participant>().Select(participant => new Question(ledgers[participant], order.LedgerAt(participant), new ReadEntry(order.Id)))];

    /// <summary>What a reader found, from the replies to <see cref="EntriesOf"/>; null where one of them is none.</summary>
    public static LookView? View(string id, IReadOnlyList<object> replies) =>
        replies is [EntryFound stock, EntryFound payment, EntryFound shipping] ? new LookView(id, Words(stock), Words(payment), Words(shipping)) : null;

    /// <summary>The same as an answer to a client.</summary>
    public static ModeAnswer Answer(string id, IReadOnlyList<object> replies) =>
        View(id, replies) is { } look ? ModeAnswer.Ok(look, ShopJson.Default.LookView) : ModeAnswer.Of(replies.First(reply => reply is not EntryFound));

    private static LedgerView View(string at, string name, IReadOnlyList<LedgerPage> pages) => new(
        at, name, Ledger.Opening, pages[0].Available, pages[0].LockedBy, pages.SelectMany(page => page.Entries).ToDictionary(entry => entry.Order, entry => new LedgerEntryView(entry.State, entry.Amount)));

    private static string Words(EntryFound found) => found.Entry is { } entry ? JsonSerializer.Serialize(entry.State, ShopJson.Default.EntryState).Trim('"') : "none";

    private static Participant? ParticipantOf(string kind) => Array.IndexOf(Kinds, kind) is var index and >= 0 ? (Participant)index : null;
}
