using System.CommandLine;
using Cluster.Lab.Certificates;

namespace Cluster.Client.Verbs;

/// <summary>New certificates with new keys, by the same authority and for the same names. Running nodes take them up within seconds.</summary>
internal sealed class CertsRenewVerb : Verb
{
    private readonly Option<int> days = CertificateOptions.Days();
    private readonly Option<string> directory = CertificateOptions.Directory();

    public CertsRenewVerb()
        : base("renew", "New certificates and keys for the same names; running nodes take them up by themselves")
    {
        Add(days);
        Add(directory);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples => ["lab certs renew", "lab certs renew --dir .lab/certs --days 90"];

    private int Run(ParseResult parsed)
    {
        var renewed = new LabCertificates(parsed.GetValue(directory)!, TimeProvider.System).Renew(TimeSpan.FromDays(parsed.GetValue(days)));
        Console.WriteLine($"renewed: {string.Join(", ", renewed)}");
        return ExitCodes.Ok;
    }
}
