using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Federation;

/// <summary>An answered operation on a key, with the version that it wrote or saw.</summary>
/// <param name="Value">What it wrote or saw; null: nothing stood there, or it was taken away.</param>
/// <param name="AgeMs">Of a look at a copy: how old it said that it was; null where it did not say.</param>
internal sealed record KeyEvent(Operation Operation, VersionToken Version, string? Value, double? AgeMs)
{
    public bool IsWrite => Operation.Op is "put" or "cas" or "delete";

    /// <summary>Whether the home answered it, and not a copy.</summary>
    public bool IsAtHome => IsWrite || Operation.Op == "get";

    /// <summary>Null for what tells no version.</summary>
    public static KeyEvent? Of(Operation operation)
    {
        if (operation is not { Outcome: Outcome.Ok, Output: { } output })
        {
            return null;
        }

        double? age = null;
        if (operation.Op == "peek" && output.Split(' ', 2) is [var old, var rest])
        {
            age = double.TryParse(old, NumberStyles.Float, CultureInfo.InvariantCulture, out var known) ? known : null;
            output = rest;
        }

        return operation.Op switch
        {
            "put" or "cas" when VersionToken.TryParse(output, out var version) => new KeyEvent(operation, version, operation.Input[^1], null),
            "delete" when VersionToken.TryParse(output, out var version) => new KeyEvent(operation, version, null, null),
            "get" or "read" or "peek" when output.Split('=', 2) is [var text, var value] && VersionToken.TryParse(text, out var version) => new KeyEvent(operation, version, value.Length > 0 ? value : null, age),
            _ => null,
        };
    }
}
