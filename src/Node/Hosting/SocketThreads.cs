namespace Cluster.Node.Hosting;

/// <summary>
/// Lets what a socket completes go on on the thread that waits for sockets, instead of waking one of the pool for it. Nothing behind a socket of this process
/// blocks: frames and commands are parsed and handed to actors on other threads, and HTTP's operations leave for the pool before they begin.
/// </summary>
internal static class SocketThreads
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>To be called before the first socket is made: the runtime looks once. What the user has set stands.</summary>
    public static void PreferInline()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
        {
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        }
    }
}
