using System.Buffers;
using System.Text;
using System.Text.Json;
using Cluster.Modes.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace Cluster.Node.Http;

/// <summary>
/// The arguments of a mode's operation as the body of a request: one JSON object of texts, numbers and truths. It is read once, member by member, and no further than the first that the operation does
/// not take: what a client sends costs no more than its bytes. Whatever could be understood in two ways (no JSON, a member twice, half a surrogate pair) is refused.
/// </summary>
internal static class ModeBody
{
    /// <summary>A byte of a text takes at most so many as JSON escapes it: \u0022.</summary>
    private const int EscapedBytesMax = 6;

    /// <summary>For names, numbers, times and the white space between all of it.</summary>
    private const int RoomBesides = 16 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The longest body that can be needed: a lock's has some kilobytes, that of records (1 MB of text) six megabytes. More would only be memory that one client takes.</summary>
    public static long BytesMax(ModeOperation operation) =>
        RoomBesides + (EscapedBytesMax * operation.Arguments.Sum(argument => argument.Kind == ModeArgumentKind.Text ? argument.Most : 0));

    /// <summary>Adds to <paramref name="sent"/> what the body names. A member that the operation does not take is added too, as the last: the operation's own check refuses it.</summary>
    /// <exception cref="ApiException">400: it is no such object, or names what stands in the query. 413: it is too long. 415: it is not said to be JSON.</exception>
    public static async Task ReadAsync(ApiRequest request, ModeOperation operation, Dictionary<string, string> sent)
    {
        var body = await ReadBytesAsync(request, BytesMax(operation)).ConfigureAwait(false);
        if (body.Length == 0)
        {
            return;
        }

        if (operation.IsRead)
        {
            throw ApiException.BadRequest($"{operation.Name} is a GET and takes no body: its arguments stand in the query");
        }

        if (!request.Context.Request.HasJsonContentType())
        {
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, "UnsupportedMediaType", "the body is not labelled as JSON, and nothing was done: send it with -H 'Content-Type: application/json', or give the arguments in the query");
        }

        try
        {
            Read(body, operation, sent);
        }
        catch (JsonException error)
        {
            throw ApiException.BadRequest($"the body is not the JSON that this takes: {error.Message}");
        }
        catch (InvalidOperationException)
        {
            throw ApiException.BadRequest("the body is not the JSON that this takes: a text in it is no UTF-8, or has half of a surrogate pair");
        }
    }

    private static void Read(byte[] body, ModeOperation operation, Dictionary<string, string> sent)
    {
        var reader = new Utf8JsonReader(body.AsSpan().StartsWith(ByteOrderMark) ? body.AsSpan(ByteOrderMark.Length) : body);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw ApiException.BadRequest("the body is not the JSON that this takes: write an object, {\"NAME\":VALUE}");
        }

        var named = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!named.Add(name))
            {
                throw ApiException.BadRequest($"{name} stands in the body twice: give it once");
            }

            if (operation.Arguments.All(argument => argument.Name != name))
            {
                sent[name] = "";
                return;
            }

            reader.Read();
            var text = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.UTF8.GetString(reader.ValueSpan),
                JsonTokenType.Null => null,
                var other => throw ApiException.BadRequest($"{name} is a JSON {(other == JsonTokenType.StartArray ? "array" : "object")}: write a text or a number"),
            };
            if (text is not null && !sent.TryAdd(name, text))
            {
                throw ApiException.BadRequest($"{name} stands in the query and in the body: give it once");
            }
        }

        reader.Read(); // What follows the object is no JSON, and says so.
    }

    private static async Task<byte[]> ReadBytesAsync(ApiRequest request, long most)
    {
        if (request.Context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return [];
        }

        if (request.Context.Request.ContentLength > most)
        {
            throw TooLarge(most);
        }

        var reader = request.Context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(request.Aborted).ConfigureAwait(false);
            if (read.Buffer.Length > most)
            {
                throw TooLarge(most);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End); // Without it the connection could not be used again.
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ApiException TooLarge(long most) => new(StatusCodes.Status413PayloadTooLarge, "TooLarge", $"the body is longer than {most} bytes, the most that the arguments can need");
}
