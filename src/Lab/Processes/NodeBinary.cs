namespace Cluster.Lab.Processes;

/// <summary>Where the node program and the dotnet host are. A copy of this program built Release starts Release nodes, Debug Debug.</summary>
public sealed record NodeBinary(string DotnetPath, string DllPath)
{
    private const string DllName = "Cluster.Node.dll";
    private const string Override = "CLUSTER_NODE_DLL";

    /// <exception cref="LabException">There is none; the message says where it was looked for and how to build it.</exception>
    public static NodeBinary Find()
    {
        if (Environment.GetEnvironmentVariable(Override) is { Length: > 0 } named)
        {
            return File.Exists(named) ? new NodeBinary(Dotnet(), Path.GetFullPath(named)) : throw new LabException($"{Override} names {named}, which is not there");
        }

        // artifacts/bin/PROJECT/CONFIGURATION/ : the node's folder stands beside ours.
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var bin = here.Parent?.Parent?.FullName ?? here.FullName;
        foreach (var configuration in new[] { here.Name, "release", "debug" })
        {
            var dll = Path.Combine(bin, "Node", configuration, DllName);
            if (File.Exists(dll))
            {
                return new NodeBinary(Dotnet(), dll);
            }
        }

        throw new LabException($"the node program is not built: looked for {DllName} under {Path.Combine(bin, "Node")}; build it with 'dotnet build -c Release src/Node', or name it in {Override}");
    }

    private static string Dotnet() =>
        Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath!
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : "dotnet";
}
