namespace Cluster.Lab.Benchmarks;

/// <summary>
/// When each operation of an open loop is due, in nanoseconds since the start: evenly spaced at the rate, dealt to the connections in turn. It is fixed before the run and knows
/// nothing of answers. A server that stalls therefore does not slow its own examination down, which is the coordinated omission that Tene describes: every operation that
/// fell due meanwhile is sent late, and its latency counts from here.
/// </summary>
public sealed class PacingSchedule
{
    private readonly double intervalNs;

    /// <param name="ratePerSecond">Operations a second over all connections.</param>
    public PacingSchedule(double ratePerSecond, int connections)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ratePerSecond);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(connections);
        intervalNs = 1e9 / ratePerSecond;
        Connections = connections;
    }

    public int Connections { get; }

    /// <summary>When the operation of this number falls due; it belongs to connection <c>number % Connections</c>.</summary>
    public long DueNs(long number) => (long)(number * intervalNs);

    /// <summary>When the connection's operation of this number, counted for it alone, falls due.</summary>
    public long DueNs(int connection, long number) => DueNs(connection + (number * Connections));
}
