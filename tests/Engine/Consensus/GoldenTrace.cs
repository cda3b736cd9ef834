using System.Runtime.CompilerServices;

namespace Cluster.Engine.Tests.Consensus;

/// <summary>A trace must equal the checked-in file, line by line. <c>CLUSTER_GOLDEN=write</c> writes the file anew, to be read before it is committed.</summary>
internal static class GoldenTrace
{
    public static void Matches(string name, string trace, [CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("CLUSTER_GOLDEN") == "write")
        {
            File.WriteAllText(file, trace);
        }

        Assert.Equal(File.ReadAllText(file), trace);
    }
}
