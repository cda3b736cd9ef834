using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cluster.Shared.Certificates;

/// <summary>
/// A certificate's subject alternative names (RFC 5280, 4.2.1.6). Written and read by hand: the framework reads no URIs, and writes their host in lower case,
/// while the names of clusters keep their case.
/// </summary>
public sealed record SubjectNames(IReadOnlyList<string> Uris, IReadOnlyList<string> Hosts)
{
    private const string Oid = "2.5.29.17";

    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag Ip = new(TagClass.ContextSpecific, 7);

    /// <summary>Who the certificate speaks for; null when it names nobody, or more than one.</summary>
    public CertificateIdentity? Identity
    {
        get
        {
            CertificateIdentity? only = null;
            foreach (var uri in Uris)
            {
                if (CertificateIdentity.TryParse(uri, out var identity))
                {
                    if (only is not null)
                    {
                        return null;
                    }

                    only = identity;
                }
            }

            return only;
        }
    }

    /// <summary>Reads what a certificate names; nothing when the extension is missing or malformed.</summary>
    public static SubjectNames Of(X509Certificate2 certificate)
    {
        List<string> uris = [];
        List<string> hosts = [];
        if (certificate.Extensions[Oid] is { } extension)
        {
            try
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    Read(names, uris, hosts);
                }
            }
            catch (AsnContentException)
            {
                return new SubjectNames([], []);
            }
        }

        return new SubjectNames(uris, hosts);
    }

    /// <summary>The extension that says these names. A host is an IP address or a DNS name.</summary>
    public X509Extension ToExtension()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var uri in Uris)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, Uri);
            }

            foreach (var host in Hosts)
            {
                if (IPAddress.TryParse(host, out var address))
                {
                    writer.WriteOctetString(address.GetAddressBytes(), Ip);
                }
                else
                {
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, host, Dns);
                }
            }
        }

        return new X509Extension(new Oid(Oid), writer.Encode(), critical: false);
    }

    private static void Read(AsnReader names, List<string> uris, List<string> hosts)
    {
        var tag = names.PeekTag();
        if (tag.HasSameClassAndValue(Uri))
        {
            uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
        }
        else if (tag.HasSameClassAndValue(Dns))
        {
            hosts.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Dns));
        }
        else if (tag.HasSameClassAndValue(Ip))
        {
            var bytes = names.ReadOctetString(Ip);
            if (bytes.Length is 4 or 16)
            {
                hosts.Add(new IPAddress(bytes).ToString());
            }
        }
        else
        {
            names.ReadEncodedValue();
        }
    }
}
