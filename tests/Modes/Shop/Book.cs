using Cluster.Engine.Port;
using Cluster.Modes.Shop;

namespace Cluster.Modes.Tests.Shop;

/// <summary>One ledger and the commands that come to it.</summary>
internal sealed class Book
{
    public static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly Ledger decider = new();

    public Book() => State = decider.Empty;

    public LedgerState State { get; private set; }

    public DateTimeOffset Now { get; set; } = Start;

    public LedgerEntry Tell(LedgerCommand command) => Assert.IsType<LedgerEntry>(Reply(command));

    /// <summary>What a region would answer: the reply, or the refusal.</summary>
    public object Reply(LedgerCommand command)
    {
        var decided = decider.Decide(State, command, new EntityContext("book", Now));
        foreach (var happened in decided.Events)
        {
            State = decider.Apply(State, happened);
        }

        return decided.Refusal is { } why ? new EntityRefused("ledger", "book", why) : decided.Reply!;
    }

    public string Refusal(LedgerCommand command) => Assert.IsType<EntityRefused>(Reply(command)).Reason;
}
