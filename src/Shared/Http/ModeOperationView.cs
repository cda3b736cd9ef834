namespace Cluster.Shared.Http;

/// <summary>One operation of a mode: <c>GET</c> (a read) or <c>POST /modes/SLUG/NAME</c>.</summary>
/// <param name="IsRead">Whether it only asks.</param>
public sealed record ModeOperationView(string Name, string Summary, bool IsRead, IReadOnlyList<ModeArgumentView> Arguments);
