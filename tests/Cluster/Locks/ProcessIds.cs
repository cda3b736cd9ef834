using System.Globalization;
using Cluster.Cluster.Tests.Harness;

namespace Cluster.Cluster.Tests.Locks;

/// <summary>Processes that a shell script tells of in a file.</summary>
internal static class ProcessIds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The id that a script writes there, once it has.</summary>
    public static async Task<int> ReadAsync(string file) => int.Parse(
        await Eventually.GetAsync(Patience, $"{file} holds a process id", () => Task.FromResult(File.Exists(file) ? File.ReadAllText(file) : ""), text => text.EndsWith('\n')), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    /// <summary>What has ended and was not waited for is no more.</summary>
    public static bool Lives(int pid)
    {
        try
        {
            return !File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")).Split(')')[^1].TrimStart().StartsWith('Z');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
