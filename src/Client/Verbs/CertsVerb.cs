using System.CommandLine;
using System.Net;
using Cluster.Lab.Certificates;
using Cluster.Shared.Ids;

namespace Cluster.Client.Verbs;

/// <summary>A lab's certificates: makes an authority, a certificate for each node and one for clients; shows them; renews them.</summary>
internal sealed class CertsVerb : Verb
{
    private readonly Option<string> nodes = new("--nodes") { Description = "Nodes to make certificates for", DefaultValueFactory = _ => "n1,n2,n3", HelpName = "NAME,..." };
    private readonly Option<string> hosts = new("--hosts") { Description = "Host names and IP addresses that clients reach nodes by, besides loopback and the nodes' names", DefaultValueFactory = _ => "", HelpName = "HOST,..." };
    private readonly Option<string> cluster = new("--cluster") { Description = "The cluster's name, which stands in every certificate", DefaultValueFactory = _ => "lab", HelpName = "NAME" };
    private readonly Option<int> days = CertificateOptions.Days();
    private readonly Option<string> directory = CertificateOptions.Directory();

    public CertsVerb()
        : base("certs", "Certificates for TLS: a lab's own authority, one for each node, one for clients")
    {
        nodes.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Split(result.Tokens[0].Value).FirstOrDefault(name => !NodeName.TryParse(name, out _)) is { } wrong)
            {
                result.AddError($"--nodes: '{wrong}' is no node name: 1 to 32 of a-z, 0-9 and '-', a letter first");
            }
        });
        hosts.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Split(result.Tokens[0].Value).FirstOrDefault(host => !IPAddress.TryParse(host, out _) && Uri.CheckHostName(host) != UriHostNameType.Dns) is { } wrong)
            {
                result.AddError($"--hosts: '{wrong}' is neither a host name nor an IP address");
            }
        });
        Add(nodes);
        Add(hosts);
        Add(cluster);
        Add(days);
        Add(directory);
        Add(new CertsShowVerb());
        Add(new CertsRenewVerb());
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples => ["lab certs --nodes n1,n2,n3 --hosts node1.example,10.0.0.5", "lab certs show", "lab certs renew --days 30", "lab up --tls"];

    private int Run(ParseResult parsed)
    {
        var path = parsed.GetValue(directory)!;
        var certificates = new LabCertificates(path, TimeProvider.System);
        var made = certificates.Make(parsed.GetValue(cluster)!, Split(parsed.GetValue(nodes)!), Split(parsed.GetValue(hosts)!), TimeSpan.FromDays(parsed.GetValue(days)));
        Console.WriteLine(made.Count > 0
            ? $"made for {string.Join(", ", made)} in {Path.GetFullPath(path)}, signed by {certificates.AuthorityFile}"
            : $"all of them are there already in {Path.GetFullPath(path)}: 'lab certs renew' makes new ones");
        Console.WriteLine($"a node takes them by --tls-cert {path}/n1.crt --tls-key {path}/n1.key --tls-ca {path}/ca.crt; keep ca.key to yourself: who has it can make members");
        return ExitCodes.Ok;
    }

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
