namespace Cluster.Engine.Remoting.Handshakes;

/// <summary>Tells whether a refusal is news, so that a stranger that knocks every second does not fill the log. Bounded: where too many differ, all are news.</summary>
internal sealed class StrangerLog(TimeProvider clock)
{
    private const int Remembered = 64;

    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<(string From, string Reason), long> said = [];

    /// <summary>False when the same was said of the same address within the last minute.</summary>
    public bool IsNews(string from, string reason)
    {
        lock (gate)
        {
            if (said.TryGetValue((from, reason), out var at) && clock.GetElapsedTime(at) < Silence)
            {
                return false;
            }

            if (said.Count >= Remembered)
            {
                said.Clear();
            }

            said[(from, reason)] = clock.GetTimestamp();
            return true;
        }
    }
}
