using System.Text;
using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Lab.Benchmarks;

/// <summary>What one loop, or several added up, has counted. Latencies are those of requests that were answered without error; errors stand apart, by their first word.</summary>
public sealed class Tally
{
    /// <summary>A request whose connection broke before its answer came: it may have taken effect.</summary>
    public const string ConnectionLost = "(connection lost)";

    /// <summary>An attempt to connect that failed; no request was involved.</summary>
    public const string CannotConnect = "(cannot connect)";

    /// <summary>An answer that is not RESP.</summary>
    public const string NoProtocol = "(not RESP)";

    private const int MaxErrorKinds = 100;
    private const string OtherErrors = "(other)";

    private readonly Dictionary<string, long> errors = [];
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> errorsBySpan;

    public Tally() => errorsBySpan = errors.GetAlternateLookup<ReadOnlySpan<char>>();

    public LatencyHistogram Reads { get; } = new();

    public LatencyHistogram Writes { get; } = new();

    public IReadOnlyDictionary<string, long> Errors => errors;

    /// <summary>Reads that found nothing.</summary>
    public long Misses { get; set; }

    /// <summary>Requests without an answer when the run had ended and waited; their latencies are recorded as long as they had waited, which is too short.</summary>
    public long Unanswered { get; set; }

    public long Reconnects { get; set; }

    public long Answered => Reads.Count + Writes.Count - Unanswered;

    public void Record(RequestKind kind, long latencyNs) => (RequestEncoder.IsRead(kind) ? Reads : Writes).Record(latencyNs);

    public void CountError(string kind, long times = 1) => errors[errors.Count < MaxErrorKinds || errors.ContainsKey(kind) ? kind : OtherErrors] = errors.GetValueOrDefault(kind) + times;

    /// <param name="text">An error reply without its dash; its first word is the kind.</param>
    public void CountError(ReadOnlySpan<byte> text)
    {
        var space = text.IndexOf((byte)' ');
        var word = space < 0 ? text : text[..space];
        Span<char> kind = stackalloc char[32];
        var length = Encoding.UTF8.GetChars(word[..Math.Min(word.Length, 32)], kind);
        if (errorsBySpan.TryGetValue(kind[..length], out var seen))
        {
            errorsBySpan[kind[..length]] = seen + 1;
            return;
        }

        CountError(kind[..length].ToString());
    }

    public void Add(Tally other)
    {
        Reads.Add(other.Reads);
        Writes.Add(other.Writes);
        Misses += other.Misses;
        Unanswered += other.Unanswered;
        Reconnects += other.Reconnects;
        foreach (var (kind, times) in other.errors)
        {
            CountError(kind, times);
        }
    }
}
