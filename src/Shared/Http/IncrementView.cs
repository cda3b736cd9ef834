namespace Cluster.Shared.Http;

/// <summary>What <c>POST /kv/{key}/increment</c> answers.</summary>
public sealed record IncrementView(long Value, ulong Revision);
