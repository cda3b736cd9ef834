using System.Text;

namespace Cluster.Lab.Resp;

/// <summary>One reply of a Redis server.</summary>
public sealed record RespValue(RespKind Kind, ReadOnlyMemory<byte> Bytes = default, long Number = 0, IReadOnlyList<RespValue>? Items = null)
{
    public static readonly RespValue Null = new(RespKind.Null);

    public bool IsError => Kind == RespKind.Error;

    /// <summary>The reply as text: a number in digits, null for null. An array has none.</summary>
    public string? Text => Kind switch
    {
        RespKind.Null => null,
        RespKind.Number => Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        RespKind.Array => throw new InvalidOperationException("An array has no text"),
        _ => Encoding.UTF8.GetString(Bytes.Span),
    };

    /// <summary>An error's first word (<c>CLUSTERDOWN</c>), which says what to conclude; empty for what is no error.</summary>
    public string ErrorCode => IsError ? Text!.Split(' ', 2)[0] : "";
}
