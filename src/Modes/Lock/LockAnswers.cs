using Cluster.Modes.Hosting;

namespace Cluster.Modes.Lock;

/// <summary>What clients are told of a lock's reply.</summary>
internal static class LockAnswers
{
    /// <summary>To whom the lock was granted, or who has a place in its queue.</summary>
    public static LockAnswer Of(string name, LockReply reply)
    {
        var granted = reply.Outcome == LockOutcome.Held;
        return new LockAnswer(
            name,
            reply.Session!,
            granted,
            granted ? reply.Token : null,
            reply.Ticket,
            granted ? reply.Count : null,
            granted ? null : reply.Place,
            granted ? (long)reply.Left.TotalMilliseconds : null,
            reply.Why,
            reply.Revision);
    }

    public static ModeAnswer Of(LockView view) => ModeAnswer.Ok(view with { IsDue = false }, LockJson.Default.LockView);
}
