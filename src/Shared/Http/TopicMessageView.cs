namespace Cluster.Shared.Http;

/// <summary>One message as a stream of server-sent events tells it: either <paramref name="Text"/> or <paramref name="Base64"/> is set.</summary>
/// <param name="Topic">As text; bytes that are no UTF-8 show as U+FFFD.</param>
/// <param name="Type">Stable type id of a record, whose JSON the text is; null for what clients publish.</param>
/// <param name="Text">The message, when it is UTF-8.</param>
/// <param name="Base64">The message, when it is not.</param>
public sealed record TopicMessageView(string Topic, string? Type, string? Text, string? Base64);
