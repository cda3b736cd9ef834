namespace Cluster.Modes.ClientServer;

/// <summary>What the server keeps of one client: calls that took effect or were denied, until the client says that it has their answers.</summary>
internal sealed class SessionState(long firstOpen)
{
    private readonly Dictionary<long, ServerAnswer> done = [];

    /// <summary>Every call before it has been answered.</summary>
    public long FirstOpen { get; private set; } = firstOpen;

    /// <summary>The answers that may be asked for again.</summary>
    public IReadOnlyCollection<ServerAnswer> Done => done.Values;

    /// <summary>The answer to a call that took effect or was denied; null where that has not happened yet.</summary>
    public ServerAnswer? Find(long number) => done.GetValueOrDefault(number);

    public void Add(ServerAnswer answer) => done[answer.Number] = answer;

    public void Forget(long before)
    {
        if (before <= FirstOpen)
        {
            return;
        }

        FirstOpen = before;
        foreach (var number in done.Keys.Where(number => number < before).ToList())
        {
            done.Remove(number);
        }
    }
}
