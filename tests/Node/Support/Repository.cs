namespace Cluster.Node.Tests.Support;

/// <summary>Where the repository is that these tests were built in.</summary>
internal static class Repository
{
    public static readonly string Root = Find(AppContext.BaseDirectory);

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "Cluster.sln"))
        ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no Cluster.sln above the tests"));
}
