using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.Contradictions;

/// <summary>What a client was told of a counter: where it stood just before and just after the operation took effect.</summary>
internal sealed record CounterAnswer(Operation Operation, decimal Before, decimal After)
{
    /// <summary>Before everything, a counter stands at 0.</summary>
    public static CounterAnswer Beginning { get; } = new(new Operation(-1, "read", "", [], long.MinValue, long.MinValue, Outcome.Ok), 0, 0);

    /// <summary>Null for what told no number.</summary>
    public static CounterAnswer? TryRead(Operation operation)
    {
        if (operation.Outcome != Outcome.Ok || (operation.Op == "incr" && operation.Output is null)
            || !long.TryParse(operation.Output ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return new CounterAnswer(operation, operation.Op == "incr" ? (decimal)number - KeyValueModel.Delta(operation) : number, number);
    }
}
