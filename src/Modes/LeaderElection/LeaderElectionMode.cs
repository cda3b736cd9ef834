using Cluster.Engine.Flaws;
using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.LeaderElection;

/// <summary>A leader that the whole cluster has one of, under an epoch that rises with each: the engine's singleton, at work on something that shows who it was.</summary>
public static class LeaderElectionMode
{
    public const string Slug = "leader-election";

    internal const string Take = "take";
    internal const string Who = "who";
    internal const string Book = "book";

    internal const string LowestId = "lowest-id";
    internal const string NoFencing = "no-fencing";

    public static Mode Mode { get; } = new(
        Slug,
        "coordination",
        "One leader at a time, each under its own epoch: handed over on a leave, taken over after a death or a cut; what an old leader still writes is refused.",
        LeaderElectionLab.Scenario)
    {
        Parts = new ModeParts
        {
            Entities = [TicketDecider.Type],
            Messages = messages => messages
                .Register("leader-election.take", 1, ElectionJson.Default.TakeTicket)
                .Register("leader-election.taken", 1, ElectionJson.Default.TicketTaken)
                .Register("leader-election.not-served", 1, ElectionJson.Default.NotServed)
                .Register("leader-election.who", 1, ElectionJson.Default.AskWhoLeads)
                .Register("leader-election.leads", 1, ElectionJson.Default.Leads),
            Operations =
            [
                new(Take, "Has the leader assign the next ticket to a node: answers the ticket, the epoch, the leader and the worker."),
                new(Who, "Who leads, and under which epoch, as the leader itself says while it is sure.") { IsRead = true },
                new(Book, "Every reign in the book, with its first and last ticket.") { IsRead = true },
            ],
            Door = static node => Props.Create(() => new ElectionActor(node)),
            Flaws =
            [
                new PlantedFlaw { Name = LowestId, Breaks = "elects the node with the lowest name among those that it can reach: two sides of a cut have a leader each, under the same epoch" },
                new PlantedFlaw { Name = NoFencing, Breaks = "lets a leader act without asking whether it still may, and its book takes tickets under any epoch: one that slept goes on where it was" },
            ],
        },
    };
}
