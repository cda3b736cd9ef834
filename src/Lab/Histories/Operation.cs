using System.Globalization;

namespace Cluster.Lab.Histories;

/// <summary>One operation as its client saw it: what was asked, when, and what came back. Values are text; absent is null.</summary>
/// <param name="Process">The logical client. It has one operation under way at a time; after an unknown outcome its number is never used again.</param>
/// <param name="Op">read, write, cas, delete or incr on a key; each checker says which others it knows.</param>
/// <param name="Input">write: [value]; cas: [old, new]; incr: [delta]; else empty. A list or an object stands as its JSON text.</param>
/// <param name="Call">When it was asked, in nanoseconds on the history's clock.</param>
/// <param name="Return">When the answer came, or the client gave up. For <see cref="Outcome.Info"/> it bounds nothing: the effect may come later.</param>
/// <param name="Output">read: the value; incr: the new number; cas: true or false; else null. A list or an object stands as its JSON text.</param>
/// <param name="Node">Who was asked; null where that does not matter.</param>
public sealed record Operation(
    int Process, string Op, string Key, IReadOnlyList<string?> Input, long Call, long Return, Outcome Outcome, string? Output = null, string? Node = null)
{
    public bool IsRead => Op == "read";

    /// <summary>How people read it in a verdict: <c>process 3: cas k1 ["1","2"] -> true (ok, 1.204 s to 1.206 s)</c>.</summary>
    public override string ToString()
    {
        var input = Input.Count == 0 ? "" : " [" + string.Join(", ", Input.Select(Show)) + "]";
        var output = Outcome == Outcome.Ok && (IsRead || Output is not null) ? " -> " + Show(Output) : "";
        var outcome = Outcome switch { Outcome.Ok => "ok", Outcome.Fail => "failed", _ => "unknown" };
        return string.Create(CultureInfo.InvariantCulture, $"process {Process}: {Op}{(Key.Length == 0 ? "" : " " + Key)}{input}{output} ({outcome}, {Call / 1e9:0.0000} s to {Return / 1e9:0.0000} s)");
    }

    private static string Show(string? value) => value is null ? "nothing" : $"\"{value}\"";
}
