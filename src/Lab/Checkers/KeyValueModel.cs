using System.Globalization;
using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers;

/// <summary>One key of the store: read, write, compare-and-set, delete and increment, as the store documents them. Registers and counters are parts of it.</summary>
public sealed class KeyValueModel : IModel
{
    private readonly string[] operations;

    private KeyValueModel(string name, params string[] operations)
    {
        Name = name;
        this.operations = operations;
    }

    /// <summary>read, write, cas.</summary>
    public static KeyValueModel Register { get; } = new("register", "read", "write", "cas");

    /// <summary>read, incr. An absent counter counts from 0.</summary>
    public static KeyValueModel Counter { get; } = new("counter", "read", "incr");

    /// <summary>Everything.</summary>
    public static KeyValueModel Kv { get; } = new("kv", "read", "write", "cas", "delete", "incr");

    public string Name { get; }

    public bool Knows(string op) => Array.IndexOf(operations, op) >= 0;

    public bool IsComplete(Operation operation) => operation.Op switch
    {
        "write" => operation.Input.Count == 1,
        "cas" => operation.Input.Count == 2,
        "incr" => operation.Input.Count == 0 || long.TryParse(operation.Input[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        _ => true,
    };

    public bool Step(string? state, Operation operation, out string? next)
    {
        var known = operation.Outcome == Outcome.Ok;
        next = state;
        switch (operation.Op)
        {
            case "read":
                return !known || operation.Output == state;
            case "write":
                next = operation.Input[0];
                return true;
            case "delete":
                next = null;
                return true;
            case "cas":
                var matches = state == operation.Input[0];
                next = matches ? operation.Input[1] : state;
                // A successful compare-and-set may be recorded with or without an output.
                return !known || matches == (operation.Output != "false");
            case "incr":
                if (!long.TryParse(state ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                {
                    // The store refuses to count text; an increment that answered was not here.
                    return !known;
                }

                next = (number + Delta(operation)).ToString(CultureInfo.InvariantCulture);
                return !known || operation.Output is null || operation.Output == next;
            default:
                throw new ArgumentException($"The model '{Name}' gives '{operation.Op}' no meaning");
        }
    }

    /// <summary>By how much an increment counts; 1 where the history does not say.</summary>
    internal static long Delta(Operation operation) =>
        operation.Input.Count == 0 ? 1 : long.Parse(operation.Input[0] ?? "1", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
