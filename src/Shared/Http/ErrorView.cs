namespace Cluster.Shared.Http;

/// <summary>The body of every refused HTTP request. <paramref name="Error"/> is the code's name (<c>Unavailable</c>), <paramref name="Message"/> says what, where, and what to do.</summary>
public sealed record ErrorView(string Error, string Message);
