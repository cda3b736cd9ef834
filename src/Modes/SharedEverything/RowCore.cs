using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cluster.Modes.SharedEverything;

/// <summary>What a transaction does with the row that it has locked. Pure: the database only keeps what is decided here, and everybody else away meanwhile.</summary>
internal static class RowCore
{
    /// <summary>What is kept with a request's id besides its key, so that the same id with another request is not told the first one's answer: the operation, and a hash of what was expected and written.</summary>
    public static string Asked(RowOrder order)
    {
        // With the length before each, and none where there is no text, no two pairs are written alike.
        var words = string.Create(CultureInfo.InvariantCulture, $"{order.Expected?.Length}:{order.Expected}{order.Value?.Length}:{order.Value}");
        return $"{order.Operation} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words)))}";
    }

    /// <param name="stands">What stands there; null: there is no row.</param>
    public static RowMove Decide(RowOrder order, string? stands) => order.Operation switch
    {
        RowOperation.CompareAndSet when !string.Equals(stands, order.Expected, StringComparison.Ordinal) => RowMove.Refuse,

        // There was no row to lock: whoever else saw none may be quicker.
        RowOperation.CompareAndSet when stands is null => RowMove.InsertIfNone,
        RowOperation.Delete => stands is null ? RowMove.Nothing : RowMove.Delete,
        _ => RowMove.Write,
    };
}
