using System.CommandLine;
using Cluster.Client.Verbs;
using Cluster.Lab.Compose;
using Cluster.Lab.Processes;
using Cluster.Lab.Targets;

namespace Cluster.Client.Nodes;

/// <summary>Which cluster a verb is for: the options that say it, the same on every verb, and the cluster they mean.</summary>
internal sealed class TargetOptions
{
    private const string Local = "local";
    private const string Compose = "compose";

    private readonly Option<string> target = new("--target")
    {
        Description = "Where the cluster runs: local (what 'lab up' started), compose, or http://HOST:PORT of its nodes (environment: LAB_TARGET)",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LAB_TARGET") is { Length: > 0 } named ? named : Local,
        HelpName = "TARGET",
    };

    private readonly Option<string> directory = VerbOptions.Directory();

    private readonly Option<string> composeFile = VerbOptions.NotEmpty(new Option<string>("--compose-file")
    {
        Description = "The compose file, for --target compose",
        DefaultValueFactory = _ => Path.Combine("deploy", "docker-compose.yml"),
        HelpName = "FILE",
    });

    private readonly Option<string?> project = new("--project") { Description = "Compose's project name, if it is not the file's directory or COMPOSE_PROJECT_NAME", HelpName = "NAME" };

    /// <summary>Tells from the command line whether the cluster runs in processes here.</summary>
    public bool IsLocal(ParseResult parsed) => parsed.GetValue(target) == Local;

    /// <summary>Tells from the command line whether the cluster is that of a compose file.</summary>
    public bool IsCompose(ParseResult parsed) => parsed.GetValue(target) == Compose;

    /// <summary>The options that name this cluster again, as they were given.</summary>
    public string Words(ParseResult parsed) =>
        $"--target {parsed.GetValue(target)}" + (parsed.GetValue(project) is { Length: > 0 } named ? $" --project {named}" : "");

    /// <summary>Those of the options that were given, as they were given.</summary>
    public IReadOnlyList<(string Name, string Value)> Given(ParseResult parsed) =>
        [.. new Option[] { target, directory, composeFile, project }.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => (option.Name, parsed.GetResult(option)!.Tokens[^1].Value))];

    public void AddTo(Command verb)
    {
        verb.Add(target);
        verb.Add(directory);
        verb.Add(composeFile);
        verb.Add(project);
    }

    /// <exception cref="UsageException">--target is none of the known.</exception>
    /// <exception cref="Lab.LabException">There is no cluster there.</exception>
    public async Task<ClusterTarget> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var named = parsed.GetValue(target)!;
        switch (named)
        {
            case Local:
                return LocalCluster.Open(parsed.GetValue(directory)!, TimeProvider.System);
            case Compose:
                var file = parsed.GetValue(composeFile)!;
                var name = ComposeProject.NameOf(parsed.GetValue(project), Environment.GetEnvironmentVariable("COMPOSE_PROJECT_NAME"), file);
                return await ComposeCluster.OpenAsync(name, file, TimeProvider.System, cancellation).ConfigureAwait(false);
            default:
                return await RemoteCluster.OpenAsync(Doors(named), Environment.GetEnvironmentVariable("CLUSTER_ADMIN_TOKEN"), TimeProvider.System, cancellation).ConfigureAwait(false);
        }
    }

    private static List<string> Doors(string named)
    {
        var doors = named.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList();
        return doors.Count > 0 && doors.TrueForAll(door => Uri.TryCreate(door, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            ? doors
            : throw new UsageException($"--target is '{named}'; it must be local, compose, or addresses like http://127.0.0.1:8558");
    }
}
