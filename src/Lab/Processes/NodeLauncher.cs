using System.Diagnostics;

namespace Cluster.Lab.Processes;

/// <summary>Starts a node program as a process of its own session, so that Ctrl-C in the console or the end of a terminal does not reach it; its output goes to a file.</summary>
internal static class NodeLauncher
{
    // exec twice: the process that we start becomes the node, so its id is the node's id. setsid does not fork here, because a fresh child leads no process group.
    private const string Script = "log=$1; shift; exec setsid \"$@\" >>\"$log\" 2>&1 </dev/null";

    // Several nodes share one laptop: small heaps that give memory back, and no instrumentation for code that runs seconds. The youngest generation is
    // 32 MB instead of the 16 that the runtime takes from the size of the cache: half the collections under load, for 16 MB a node.
    private static readonly (string Name, string Value)[] Runtime =
    [
        ("DOTNET_gcServer", "0"),
        ("DOTNET_GCConserveMemory", "3"),
        ("DOTNET_GCgen0size", "0x2000000"),
        ("DOTNET_TieredPGO", "0"),
        ("DOTNET_NOLOGO", "1"),
    ];

    /// <returns>The node's process id.</returns>
    /// <exception cref="LabException">The process could not be started at all.</exception>
    public static int Start(ProgramBinary binary, IEnumerable<string> arguments, string logPath)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", Script, "sh", logPath, binary.DotnetPath, binary.DllPath, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in Runtime)
        {
            // What the user has set stands.
            start.Environment.TryAdd(name, value);
        }

        try
        {
            using var process = Process.Start(start)!;
            return process.Id;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new LabException($"cannot start {binary.DllPath}: {e.Message}", e);
        }
    }
}
