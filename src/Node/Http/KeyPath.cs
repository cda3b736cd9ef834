using System.Globalization;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;

namespace Cluster.Node.Http;

/// <summary>
/// Keys in URLs, byte for byte: any byte can be written percent-encoded, and comes back so. Taken from the request as it was sent, since routing unescapes
/// some bytes, leaves others, and resolves dots.
/// </summary>
internal static class KeyPath
{
    private const string Prefix = "/kv/";

    /// <summary>The key of a request to <c>/kv/{key}</c> or <c>/kv/{key}/suffix</c>, or what stands in its place behind another prefix.</summary>
    /// <exception cref="ApiException">The key is empty or not rightly encoded.</exception>
    public static ByteString Read(ApiRequest request, string suffix = "", string prefix = Prefix)
    {
        var target = request.Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var start = target.StartsWith('/') ? 0 : target.IndexOf('/', target.IndexOf("//", StringComparison.Ordinal) + 2);
        var query = target.IndexOf('?', start);
        var path = query < 0 ? target[start..] : target[start..query];
        if (!path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) || !path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.BadRequest($"the path is not {prefix}{What(prefix).ToUpperInvariant()} as it was sent; send dots and slashes of it percent-encoded");
        }

        return Decode(path.AsSpan(prefix.Length, path.Length - prefix.Length - suffix.Length)) is { Length: > 0 } key
            ? ByteString.CopyFrom(key)
            : throw ApiException.BadRequest($"the {What(prefix)} is empty");
    }

    private static string What(string prefix) => prefix.EndsWith(Prefix, StringComparison.Ordinal) ? "key" : "name";

    /// <summary>A query parameter's bytes; null when it is not given.</summary>
    public static ByteString? ReadQuery(ApiRequest request, string name)
    {
        foreach (var part in (request.Context.Request.QueryString.Value ?? "").TrimStart('?').Split('&'))
        {
            if (part.StartsWith(name + "=", StringComparison.Ordinal))
            {
                return ByteString.CopyFrom(Decode(part[(name.Length + 1)..].Replace('+', ' ')));
            }
        }

        return null;
    }

    /// <summary>A key percent-encoded, so that <c>/kv/</c> and this is its address.</summary>
    public static string Encode(ReadOnlySpan<byte> key)
    {
        var text = new StringBuilder(key.Length);
        foreach (var value in key)
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~' or (byte)':')
            {
                text.Append((char)value);
            }
            else
            {
                text.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    /// <summary>The bytes that percent-encoded text stands for.</summary>
    /// <exception cref="ApiException">A percent sign begins no byte.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                // A whole run at once: half a surrogate pair is no text.
                var run = text[i..].IndexOf('%');
                run = run < 0 ? text.Length - i : run;
                length += Encoding.UTF8.GetBytes(text.Slice(i, run), bytes.AsSpan(length));
                i += run - 1;
                continue;
            }

            if (i + 2 >= text.Length || !byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
            {
                throw ApiException.BadRequest($"'{text[i..Math.Min(i + 3, text.Length)]}' is not a percent-encoded byte; write a percent sign as %25");
            }

            length++;
            i += 2;
        }

        return bytes[..length];
    }
}
