namespace Cluster.Modes.ClientServer;

/// <summary>What the server is to do about a call.</summary>
/// <param name="Event">Make it durable, apply it, and answer with what that gives.</param>
/// <param name="Reply">Answer with it.</param>
/// <param name="Durably">Only once everything before it is durable: it rests on a write that may still be lost.</param>
/// <param name="Refusal">Why the call will not be carried out.</param>
internal readonly record struct ServerMove(KeyWritten? Event = null, ServerAnswer? Reply = null, bool Durably = false, string? Refusal = null)
{
    /// <summary>The call is being carried out already, or long over.</summary>
    public static ServerMove Nothing => default;

    public static ServerMove Write(KeyWritten written) => new(written);

    public static ServerMove Answer(ServerAnswer answer) => new(Reply: answer);

    public static ServerMove AnswerDurably(ServerAnswer answer) => new(Reply: answer, Durably: true);

    public static ServerMove Refuse(string why) => new(Refusal: why);
}
