namespace Cluster.Lab.Processes;

/// <summary>Where a program of this build and the dotnet host are. A copy of the console built Release starts Release programs, Debug Debug.</summary>
public sealed record ProgramBinary(string DotnetPath, string DllPath)
{
    /// <summary>The node program; the environment's CLUSTER_NODE_DLL names another.</summary>
    /// <exception cref="LabException">There is none; the message says where it was looked for and how to build it.</exception>
    public static ProgramBinary FindNode() => Find("Node", "CLUSTER_NODE_DLL");

    /// <summary>The simulator; the environment's CLUSTER_SIMULATOR_DLL names another.</summary>
    /// <exception cref="LabException">There is none; the message says where it was looked for and how to build it.</exception>
    public static ProgramBinary FindSimulator() => Find("Simulator", "CLUSTER_SIMULATOR_DLL");

    private static ProgramBinary Find(string project, string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? new ProgramBinary(Dotnet(), Path.GetFullPath(named)) : throw new LabException($"{variable} names {named}, which is not there");
        }

        // artifacts/bin/PROJECT/CONFIGURATION/ : the program's folder stands beside ours.
        var name = $"Cluster.{project}.dll";
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var bin = here.Parent?.Parent?.FullName ?? here.FullName;
        foreach (var configuration in new[] { here.Name, "release", "debug" })
        {
            var dll = Path.Combine(bin, project, configuration, name);
            if (File.Exists(dll))
            {
                return new ProgramBinary(Dotnet(), dll);
            }
        }

        throw new LabException($"{name} is not built: looked for it under {Path.Combine(bin, project)}; build it with 'dotnet build -c Release src/{project}', or name it in {variable}");
    }

    private static string Dotnet() =>
        Path.GetFileName(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath!
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : "dotnet";
}
