namespace Cluster.Modes.ClientServer;

/// <summary>What the server is to do about a call.</summary>
/// <param name="Event">Make it durable, apply it, and answer with what that gives.</param>
/// <param name="Reply">Answer with it.</param>
/// <param name="Refusal">Why no copy of the call will be carried out.</param>
internal readonly record struct ServerMove(ServerEvent? Event = null, ServerAnswer? Reply = null, string? Refusal = null)
{
    /// <summary>The call is being carried out already, or long over, or the disk has no room for it: whoever has no answer sends it again.</summary>
    public static ServerMove Nothing => default;

    public static ServerMove Make(ServerEvent happens) => new(happens);

    public static ServerMove Answer(ServerAnswer answer) => new(Reply: answer);

    public static ServerMove Refuse(string why) => new(Refusal: why);
}
