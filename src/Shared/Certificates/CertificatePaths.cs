namespace Cluster.Shared.Certificates;

/// <summary>Where a holder's PEM files are.</summary>
/// <param name="Certificate">Its certificate, with intermediate ones behind it where there are any.</param>
/// <param name="Key">Its private key, not encrypted.</param>
/// <param name="Authorities">Certificates of the authorities by which others are verified; null where nobody is.</param>
public sealed record CertificatePaths(string Certificate, string Key, string? Authorities);
