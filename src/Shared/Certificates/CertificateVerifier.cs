using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Shared.Certificates;

/// <summary>
/// Judges certificates by given authorities alone: the system's store is never asked, nothing is fetched from the network, and no certificate is good before or
/// after its time. There is no revocation in a lab: a holder is shut out by a new authority.
/// </summary>
public static class CertificateVerifier
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    /// <summary>How the framework is to build a chain: as in <see cref="WhyNot"/>.</summary>
    public static X509ChainPolicy Policy(X509Certificate2Collection authorities, bool asServer, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = now.LocalDateTime,
        };
        policy.CustomTrustStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(asServer ? ServerUse : ClientUse);
        return policy;
    }

    /// <summary>Why a certificate is not to be trusted, in words for a log; null when it is.</summary>
    /// <param name="asServer">Whether its holder was dialled, or dials.</param>
    /// <param name="intermediates">Certificates between it and an authority, as its holder sent them.</param>
    public static string? WhyNot(X509Certificate2 certificate, X509Certificate2Collection authorities, bool asServer, DateTimeOffset now, X509Certificate2Collection? intermediates = null)
    {
        if (WhyNotNow(certificate, now) is { } outOfTime)
        {
            return outOfTime;
        }

        using var chain = new X509Chain { ChainPolicy = Policy(authorities, asServer, now) };
        if (intermediates is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        }

        if (chain.Build(certificate))
        {
            return null;
        }

        const X509ChainStatusFlags Stranger = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotSignatureValid;
        if (chain.ChainStatus.Any(status => (status.Status & Stranger) != 0))
        {
            return $"it was signed by '{Shown(certificate.Issuer)}', which is none of this cluster's authorities ({string.Join(", ", authorities.Select(authority => $"'{Shown(authority.Subject)}' {authority.Thumbprint[..8]}"))})";
        }

        if (chain.ChainStatus.Any(status => status.Status == X509ChainStatusFlags.NotValidForUsage))
        {
            return $"it may not be used by a {(asServer ? "server" : "client")}";
        }

        return string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()));
    }

    /// <summary>Why a certificate is not good at this time; null when it is.</summary>
    public static string? WhyNotNow(X509Certificate2 certificate, DateTimeOffset now)
    {
        if (now > certificate.NotAfter)
        {
            return $"it expired on {Text(certificate.NotAfter)}: renew it ('lab certs renew')";
        }

        return now < certificate.NotBefore ? $"it is not good before {Text(certificate.NotBefore)}: check the clocks" : null;
    }

    /// <summary>What a stranger's certificate says, fit for a log line: short, and without line ends of its own.</summary>
    public static string Shown(string text) => string.Concat(text.Take(96).Select(letter => char.IsControl(letter) ? '?' : letter));

    private static string Text(DateTime local) => local.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
