using System.CommandLine;

namespace Cluster.Client.Verbs;

/// <summary>Options that the verbs about certificates share.</summary>
internal static class CertificateOptions
{
    /// <summary>A month: long enough for a course, short enough that a forgotten lab closes itself.</summary>
    public static Option<int> Days() => VerbOptions.Number("--days", "How long certificates are good", 30, 1, 3650);

    public static Option<string> Directory() => VerbOptions.NotEmpty(new Option<string>("--dir") { Description = "Directory of the certificates; 'lab up --tls' keeps its own in DIR/certs", DefaultValueFactory = _ => "certs", HelpName = "DIR" });
}
