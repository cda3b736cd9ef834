using Cluster.Engine.Port;

namespace Cluster.Modes.Shop;

/// <summary>One node's ways to the three participants: questions go to a region, and commands through a writer, which takes those of one ledger together.</summary>
internal sealed class LedgerWays
{
    private readonly Dictionary<Participant, IActorRef> writers;

    /// <param name="regions">By participant.</param>
    /// <param name="start">Starts an actor that lives as long as this.</param>
    public LedgerWays(IReadOnlyDictionary<Participant, IShardRegion> regions, Func<Props, string, IActorRef> start)
    {
        Regions = regions;
        writers = regions.ToDictionary(way => way.Key, way => start(WriterOf(way.Value), $"ledgers-{way.Key}"));
    }

    public IReadOnlyDictionary<Participant, IShardRegion> Regions { get; }

    public void Tell(Participant participant, string ledger, LedgerCommand command, IActorRef sender) =>
        (command is IEntityQuery ? Regions[participant].Ref : writers[participant]).Tell(new ToEntity(ledger, command), sender);

    /// <summary>The participant that a reply is from, by its sender; null for none.</summary>
    public Participant? Of(IActorRef sender)
    {
        foreach (var (participant, writer) in writers)
        {
            if (writer.Equals(sender) || Regions[participant].Ref.Equals(sender))
            {
                return participant;
            }
        }

        return null;
    }

    private static Props WriterOf(IShardRegion region) => Props.Create(() => new EntityWriterActor<OrderCommand>(region, static commands => new WriteLedger([.. commands]), Read));

    private static (string Ledger, IEnumerable<object> Answers)? Read(object reply) => reply is not LedgerWritten written ? null
        : (written.Ledger, written.Answers.Select(answer => answer.Entry ?? (object?)answer.Locked ?? new EntityRefused("ledger", written.Ledger, answer.Refused ?? "it said nothing")));
}
