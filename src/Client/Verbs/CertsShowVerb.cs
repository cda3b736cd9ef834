using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cluster.Client.Output;
using Cluster.Lab.Certificates;

namespace Cluster.Client.Verbs;

/// <summary>Prints whose certificates are in a directory, by which names, and until when. Keys are not read.</summary>
internal sealed class CertsShowVerb : Verb
{
    private readonly Option<string> directory = CertificateOptions.Directory();
    private readonly Option<string> output = VerbOptions.Output();

    public CertsShowVerb()
        : base("show", "Subjects, names and ends of the certificates in a directory")
    {
        Add(directory);
        Add(output);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples => ["lab certs show", "lab certs show --dir .lab/certs -o json"];

    private int Run(ParseResult parsed)
    {
        var found = new LabCertificates(parsed.GetValue(directory)!, TimeProvider.System).Read();
        if (parsed.GetValue(output) == "json")
        {
            Console.WriteLine(JsonSerializer.Serialize(found, ConsoleJson.Default.IReadOnlyListCertificateReport));
            return ExitCodes.Ok;
        }

        var listing = new Listing("certificate", "speaks for", "hosts", "until", "left");
        foreach (var certificate in found)
        {
            var left = certificate.DaysLeft.ToString("0.#", CultureInfo.InvariantCulture) + " days";
            listing.Add(
                Format.Plain(Path.GetFileName(certificate.File)),
                Format.Plain(certificate.Identity ?? certificate.Subject),
                Format.Plain(string.Join(',', certificate.Hosts)),
                Format.Plain(certificate.NotAfter.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
                certificate.DaysLeft < 0 ? Format.Bad("expired") : certificate.DaysLeft < 7 ? Format.Doubtful(left) : Format.Good(left));
        }

        listing.Write();
        return ExitCodes.Ok;
    }
}
