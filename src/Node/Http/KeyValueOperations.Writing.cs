using System.Buffers;
using System.Text;
using Cluster.Shared.Http;
using Cluster.Shared.KeyValue;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Node.Http;

/// <summary>Writes to one key: each is one conditional command to the store, so each is atomic.</summary>
internal sealed partial class KeyValueOperations
{
    private async Task PutAsync(ApiRequest request)
    {
        var command = new KvCommand { Op = KvOp.Put, Key = KeyPath.Read(request) };
        ReadConditions(request, command);
        if (request.Integer("ttl") is { } life)
        {
            command.Expiry = KvExpiry.After;
            command.ExpiryMs = life;
        }

        command.Value = await ReadValueAsync(request).ConfigureAwait(false);
        if (await RunAsync(request, command).ConfigureAwait(false) is { } reply)
        {
            await AnswerWriteAsync(request, reply).ConfigureAwait(false);
        }
    }

    private async Task DeleteAsync(ApiRequest request)
    {
        var command = new KvCommand { Op = KvOp.Delete, Key = KeyPath.Read(request) };
        ReadConditions(request, command);
        if (await RunAsync(request, command).ConfigureAwait(false) is not { } reply)
        {
            return;
        }

        if (reply.Status == KvStatus.NotFound && command.Condition == KvCondition.None)
        {
            await WriteNotFoundAsync(request).ConfigureAwait(false);
        }
        else
        {
            await AnswerWriteAsync(request, reply).ConfigureAwait(false);
        }
    }

    private async Task IncrementAsync(ApiRequest request)
    {
        await request.RefuseBodyAsync("by=NUMBER").ConfigureAwait(false);
        var command = new KvCommand { Op = KvOp.Increment, Key = KeyPath.Read(request, "/increment"), Delta = request.Integer("by") ?? 1, Expiry = KvExpiry.Keep };
        if (await RunAsync(request, command).ConfigureAwait(false) is { } reply)
        {
            Describe(request, reply);
            await request.WriteJsonAsync(new IncrementView(reply.Number, reply.Revision), NodeJson.Default.IncrementView).ConfigureAwait(false);
        }
    }

    private async Task CompareAndSetAsync(ApiRequest request)
    {
        var asked = await request.ReadJsonAsync(NodeJson.Default.CompareAndSetRequest).ConfigureAwait(false);
        var command = new KvCommand
        {
            Op = KvOp.Put,
            Key = KeyPath.Read(request, "/cas"),
            Value = Bytes(asked.Value ?? throw ApiException.BadRequest("the body lacks 'value'"), asked.Base64),
            Condition = asked.Expected is null ? KvCondition.Absent : KvCondition.Value,
            Expected = asked.Expected is null ? ByteString.Empty : Bytes(asked.Expected, asked.Base64),
            ReturnValue = true,
            Expiry = KvExpiry.Keep,
        };
        if (await RunAsync(request, command).ConfigureAwait(false) is not { } reply)
        {
            return;
        }

        Describe(request, reply);
        var swapped = reply.Status == KvStatus.Ok;
        var actual = swapped || !reply.HasValue ? null : asked.Base64 ? reply.Value.ToBase64() : Encoding.UTF8.GetString(reply.Value.Span);
        await request.WriteJsonAsync(
            new CompareAndSetView(swapped, reply.Revision, actual),
            NodeJson.Default.CompareAndSetView,
            swapped ? StatusCodes.Status200OK : StatusCodes.Status412PreconditionFailed).ConfigureAwait(false);
    }

    private static Task AnswerWriteAsync(ApiRequest request, KvReply reply)
    {
        Describe(request, reply);
        if (reply.Status == KvStatus.Ok)
        {
            request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        var stands = reply.Revision == 0 ? "there is no such key" : $"its revision is {EntityTag.Of(reply.Revision)}";
        return request.WriteErrorAsync(StatusCodes.Status412PreconditionFailed, "ConditionFailed", $"the condition does not hold: {stands}");
    }

    private static ByteString Bytes(string text, bool base64)
    {
        try
        {
            return base64 ? ByteString.FromBase64(text) : ByteString.CopyFrom(text, Encoding.UTF8);
        }
        catch (FormatException)
        {
            throw ApiException.BadRequest("'base64' is true, but 'expected' or 'value' is not Base64");
        }
    }

    /// <summary>The body, copied once: its length is known mostly, and a value over the limit is refused before it is read.</summary>
    private static async Task<ByteString> ReadValueAsync(ApiRequest request)
    {
        var body = request.Context.Request;
        if (body.ContentLength > KvLimits.MaxValueBytes)
        {
            throw TooLarge();
        }

        while (true)
        {
            var read = await body.BodyReader.ReadAsync(request.Aborted).ConfigureAwait(false);
            if (read.Buffer.Length > KvLimits.MaxValueBytes)
            {
                throw TooLarge();
            }

            if (read.IsCompleted)
            {
                var value = UnsafeByteOperations.UnsafeWrap(read.Buffer.ToArray());
                body.BodyReader.AdvanceTo(read.Buffer.End);
                return value;
            }

            body.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ApiException TooLarge() => new(StatusCodes.Status413PayloadTooLarge, "TooLarge", $"a value is at most {KvLimits.MaxValueBytes} bytes long");
}
