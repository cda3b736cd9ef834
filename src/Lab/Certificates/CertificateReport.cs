namespace Cluster.Lab.Certificates;

/// <summary>One certificate of a directory, as <c>lab certs show -o json</c> gives it.</summary>
/// <param name="Identity">Who it speaks for, <c>cluster://lab/node/n1</c>; null for the authority.</param>
/// <param name="Hosts">IP addresses and DNS names that clients may reach its holder by.</param>
/// <param name="DaysLeft">Negative once it has expired.</param>
public sealed record CertificateReport(string File, string Subject, string? Identity, IReadOnlyList<string> Hosts, DateTimeOffset NotBefore, DateTimeOffset NotAfter, double DaysLeft);
