using System.Text;
using Google.Protobuf;

namespace Cluster.Node.Resp.Protocol;

/// <summary>
/// The arguments of one command, the command's name first, as spans over received bytes. Valid only until the next read: who needs a part longer
/// takes it with <see cref="Key"/> or <see cref="Value"/>, which is the one copy that key and value see.
/// </summary>
internal readonly ref struct RespArguments
{
    /// <summary>Above this a value keeps the command's own array instead of copying out of it: what the array holds besides is then small change.</summary>
    private const int WrapFromBytes = 4096;

    private readonly ReadOnlySpan<byte> bytes;
    private readonly ReadOnlySpan<ArgumentRange> ranges;
    private readonly byte[]? owned;

    /// <param name="owned">The array behind <paramref name="bytes"/> when nobody else will write to it; null when the bytes are borrowed.</param>
    public RespArguments(ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgumentRange> ranges, byte[]? owned)
    {
        this.bytes = bytes;
        this.ranges = ranges;
        this.owned = owned;
    }

    /// <summary>How many there are, the name included.</summary>
    public int Count => ranges.Length;

    /// <summary>Bytes of the whole command.</summary>
    public int TotalBytes => bytes.Length;

    public ReadOnlySpan<byte> this[int index] => bytes.Slice(ranges[index].Start, ranges[index].Length);

    /// <summary>A copy: a key outlives its command by far, and must not hold on to it.</summary>
    public ByteString Key(int index) => ByteString.CopyFrom(this[index]);

    /// <summary>A value, copied at most once since it was received.</summary>
    public ByteString Value(int index)
    {
        var range = ranges[index];
        return owned is not null && range.Length >= WrapFromBytes
            ? UnsafeByteOperations.UnsafeWrap(owned.AsMemory(range.Start, range.Length))
            : ByteString.CopyFrom(this[index]);
    }

    /// <summary>The arguments from an index on, for commands that go on after this call.</summary>
    public ByteString[] CopyFrom(int index)
    {
        var copies = new ByteString[Count - index];
        for (var i = 0; i < copies.Length; i++)
        {
            copies[i] = Value(index + i);
        }

        return copies;
    }

    /// <summary>A copy that lasts.</summary>
    public KeptArguments Keep() => new(bytes.ToArray(), ranges.ToArray());

    /// <summary>An argument as text; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>Whether an argument is this word, in any case.</summary>
    public bool Is(int index, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(this[index], word);

    /// <summary>Reads a whole number exactly as Redis does: no plus sign, no leading zero, no blank.</summary>
    public bool TryInteger(int index, out long number) => RespInteger.TryParse(this[index], out number);

    /// <summary>The same arguments without the first ones: what a subcommand sees as its own.</summary>
    public RespArguments From(int index) => new(bytes, ranges[index..], owned);
}
