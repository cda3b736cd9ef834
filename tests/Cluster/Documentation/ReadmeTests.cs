using System.Globalization;
using System.Text.RegularExpressions;
using Cluster.Cluster.Tests.Harness;
using Cluster.Lab.Processes;

namespace Cluster.Cluster.Tests.Documentation;

/// <summary>
/// The README's commands do what the README says. Blocks under a line <c>&lt;!-- run --&gt;</c> are run in order in one shell; a line after a command that is
/// not a command must stand in its output, <c>...</c> for anything. Only the ports are moved, so that the test disturbs nobody.
/// </summary>
public sealed partial class ReadmeTests : IAsyncLifetime
{
    private readonly string directory = TestCluster.NewDirectory();
    private readonly int offset = FreePorts.FindOffset(3, TestCluster.FirstOffset(80));

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (new LabDirectory(directory).HasCluster)
        {
            await LocalCluster.Open(directory, TimeProvider.System).AbandonAsync(keepData: false);
        }

        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Commands_in_the_README_work_as_it_says()
    {
        var steps = Steps(await File.ReadAllLinesAsync(Path.Combine(RepositoryRoot(), "README.md"))).ToList();
        Assert.NotEmpty(steps);
        foreach (var (command, expected) in steps)
        {
            var script = $"set -o pipefail\nlab() {{ dotnet '{ConsoleProcess.ConsoleDll}' \"$@\"; }}\n" + MovePorts(command.Replace("./lab", "lab", StringComparison.Ordinal));
            var environment = new Dictionary<string, string> { ["LAB_DIR"] = directory, ["LAB_PORT_OFFSET"] = offset.ToString(CultureInfo.InvariantCulture) };

            var result = await ConsoleProcess.RunAsync("bash", ["-c", script], environment);

            Assert.True(result.ExitCode == 0, $"README: $ {command}\nexit code {result.ExitCode}\n{result.Output}{result.Error}");
            foreach (var line in expected)
            {
                var pattern = Regex.Escape(MovePorts(line)).Replace(@"\.\.\.", ".*", StringComparison.Ordinal);
                Assert.True(Regex.IsMatch(result.Output, pattern), $"README: $ {command}\nshould print: {line}\nprinted:\n{result.Output}{result.Error}");
            }
        }
    }

    private static IEnumerable<(string Command, List<string> Expected)> Steps(IReadOnlyList<string> lines)
    {
        (string Command, List<string> Expected)? step = null;
        for (var i = 0; i + 1 < lines.Count; i++)
        {
            if (lines[i] != "<!-- run -->")
            {
                continue;
            }

            for (i += 2; !lines[i].StartsWith("```", StringComparison.Ordinal); i++)
            {
                if (lines[i].StartsWith("$ ", StringComparison.Ordinal))
                {
                    if (step is { } done)
                    {
                        yield return done;
                    }

                    // What follows two spaces and a hash is for people.
                    step = (lines[i][2..].Split("   #")[0].TrimEnd(), []);
                }
                else if (lines[i].Length > 0)
                {
                    step?.Expected.Add(lines[i]);
                }
            }
        }

        if (step is { } last)
        {
            yield return last;
        }
    }

    private string MovePorts(string text) => Port().Replace(text, port => (int.Parse(port.Value, CultureInfo.InvariantCulture) + offset).ToString(CultureInfo.InvariantCulture));

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Cluster.sln")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }

    [GeneratedRegex(@"\b(63(79|80|81)|85(58|59|60))\b")]
    private static partial Regex Port();
}
