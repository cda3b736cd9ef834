using Cluster.Engine.Port;

namespace Cluster.Modes.EventDriven;

/// <summary>
/// One event's attempts at one subscription's inbox, pure: what to ask next, and what an answer means. Whatever says no to the event is a failed attempt, the handler, the entity or what stands in the event, so
/// that after <see cref="MaxAttempts"/> it makes way for those behind it. Only silence is no attempt: it says nothing about the event.
/// </summary>
/// <param name="failures">Attempts that have failed before: those whose delivery ended without a word.</param>
/// <param name="isUnguarded">Only a broken consumer says so.</param>
internal sealed class DeliveryCore(EventEnvelope envelope, ulong offset, int failures = 0, bool isUnguarded = false)
{
    /// <summary>Attempts at handling before an event is poison.</summary>
    public const int MaxAttempts = 5;

    private int failures = failures;
    private int silences;

    /// <summary>What to ask now, on what this node knows of the bus.</summary>
    public DeliveryStep Try(BusState bus)
    {
        if (failures >= MaxAttempts)
        {
            return new DeliveryStep.Ask(new GiveUp(envelope.Id, offset)); // Without a look at what is in it, which may be what fails.
        }

        var versions = BusCore.Versions(bus, envelope.Type);
        if (versions.Length < envelope.Version || !EventSchema.TryParse(versions[^1], out var newest, out _))
        {
            return Silent(); // Its schema has not come to this node yet.
        }

        // Whichever version it was written in: the newest fills in what is missing.
        return newest.TryReadAmount(envelope.Data, out var amount)
            ? new DeliveryStep.Ask(new Handle(envelope.Id, offset, amount, failures + 1, envelope.Fails, isUnguarded))
            : Fail();
    }

    /// <summary>What follows from an answer of the inbox, or from none.</summary>
    public DeliveryStep Hear(object answer) => answer switch
    {
        InboxReply { Outcome: InboxOutcome.Handled or InboxOutcome.Repeated } => new DeliveryStep.End(),
        InboxReply { Outcome: InboxOutcome.GivenUp } => new DeliveryStep.Bury(),
        InboxReply => Fail(),
        EntityRefused when failures < MaxAttempts => Fail(),
        _ => Silent(),
    };

    private DeliveryStep.Wait Fail() => new(++failures, IsFailure: true);

    private DeliveryStep.Wait Silent() => new(++silences, IsFailure: false);
}

/// <summary>What a delivery does next.</summary>
internal abstract record DeliveryStep
{
    public sealed record Ask(InboxCommand Command) : DeliveryStep;

    /// <param name="Times">How often it has had to: each wait is longer.</param>
    /// <param name="IsFailure">Whether an attempt has failed; else nobody has said anything.</param>
    public sealed record Wait(int Times, bool IsFailure) : DeliveryStep;

    /// <summary>It is given up, and belongs to the dead letters before it is through.</summary>
    public sealed record Bury : DeliveryStep;

    public sealed record End : DeliveryStep;
}
