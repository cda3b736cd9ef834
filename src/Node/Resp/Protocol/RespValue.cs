using System.Text;
using Google.Protobuf;

namespace Cluster.Node.Resp.Protocol;

/// <summary>A reply as a value, for all commands but the hottest: made when the command ran, written when its turn comes.</summary>
internal abstract class RespValue
{
    public static readonly RespValue Ok = new Encoded("+OK\r\n"u8.ToArray());
    public static readonly RespValue Queued = new Encoded("+QUEUED\r\n"u8.ToArray());
    public static readonly RespValue Pong = new Encoded("+PONG\r\n"u8.ToArray());
    public static readonly RespValue Null = new NullValue();

    /// <summary>No array where there might have been one: EXEC that was not carried out.</summary>
    public static readonly RespValue NullArray = new NullArrayValue();
    public static readonly RespValue EmptyArray = new Encoded("*0\r\n"u8.ToArray());

    public abstract void Write(RespWriter writer);

    /// <summary>Writes it with a look, between any two parts, at whether there is enough for the socket: so that what is long is not all in its buffer.</summary>
    /// <param name="goOn">Hands over what there is when it is enough; false when nobody takes it any more.</param>
    /// <returns>False when it was not written to its end.</returns>
    public virtual ValueTask<bool> WriteAsync(RespWriter writer, Func<ValueTask<bool>> goOn)
    {
        Write(writer);
        return ValueTask.FromResult(true);
    }

    /// <param name="text">Code and words, as in <c>ERR syntax error</c>.</param>
    public static RespValue Error(string text) => new ErrorValue(text);

    public static RespValue Simple(string text) => new SimpleValue(text);

    public static RespValue Integer(long number) => new IntegerValue(number);

    public static RespValue Bulk(string text) => new BulkValue(ByteString.CopyFrom(text, Encoding.UTF8));

    public static RespValue Bulk(ByteString bytes) => new BulkValue(bytes);

    public static RespValue Verbatim(string text) => new VerbatimValue(text);

    public static RespValue Array(params IReadOnlyList<RespValue> items) => new AggregateValue(items, static (writer, count) => writer.Array(count));

    public static RespValue Set(params IReadOnlyList<RespValue> items) => new AggregateValue(items, static (writer, count) => writer.Set(count));

    /// <summary>Told out of turn; the first item says what kind of push it is.</summary>
    public static RespValue Push(params IReadOnlyList<RespValue> items) => new AggregateValue(items, static (writer, count) => writer.Push(count));

    /// <summary>One after the other, with nothing round them: what a command that answers several times answers.</summary>
    public static RespValue Sequence(params IReadOnlyList<RespValue> items) => new AggregateValue(items, static (_, _) => { });

    /// <summary>Keys and values in turn.</summary>
    public static RespValue Map(params IReadOnlyList<RespValue> keysAndValues) => new AggregateValue(keysAndValues, static (writer, count) => writer.Map(count / 2));

    private sealed class Encoded(byte[] bytes) : RespValue
    {
        public override void Write(RespWriter writer) => writer.Raw(bytes);
    }

    private sealed class NullValue : RespValue
    {
        public override void Write(RespWriter writer) => writer.Null();
    }

    private sealed class NullArrayValue : RespValue
    {
        public override void Write(RespWriter writer) => writer.NullArray();
    }

    private sealed class ErrorValue(string text) : RespValue
    {
        public override void Write(RespWriter writer) => writer.Error(text);
    }

    private sealed class SimpleValue(string text) : RespValue
    {
        public override void Write(RespWriter writer) => writer.Simple(text);
    }

    private sealed class IntegerValue(long number) : RespValue
    {
        public override void Write(RespWriter writer) => writer.Integer(number);
    }

    private sealed class BulkValue(ByteString bytes) : RespValue
    {
        public override void Write(RespWriter writer) => writer.Bulk(bytes.Span);
    }

    private sealed class VerbatimValue(string text) : RespValue
    {
        public override void Write(RespWriter writer) => writer.Verbatim(text);
    }

    private sealed class AggregateValue(IReadOnlyList<RespValue> items, Action<RespWriter, int> header) : RespValue
    {
        public override void Write(RespWriter writer)
        {
            header(writer, items.Count);
            for (var i = 0; i < items.Count; i++)
            {
                items[i].Write(writer);
            }
        }

        public override async ValueTask<bool> WriteAsync(RespWriter writer, Func<ValueTask<bool>> goOn)
        {
            header(writer, items.Count);
            for (var i = 0; i < items.Count; i++)
            {
                if (!await items[i].WriteAsync(writer, goOn).ConfigureAwait(false) || !await goOn().ConfigureAwait(false))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
