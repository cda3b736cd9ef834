using System.Diagnostics;
using Cluster.Lab.Templates;
using Cluster.Lab.Tests.Architecture;

namespace Cluster.Lab.Tests.Templates;

/// <summary>A new mode is made in a copy of src/Modes.</summary>
public sealed class ModeTemplateTests : IDisposable
{
    private readonly string modes = Path.Combine(Path.GetTempPath(), $"modes-{Guid.NewGuid():N}", "src", "Modes");

    public ModeTemplateTests()
    {
        foreach (var file in Repository.Files("src/Modes", "*").Where(file => Path.GetExtension(file) is ".cs" or ".md" && !file.Contains("/obj/", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(modes, Path.GetRelativePath("src/Modes", file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, file), copy);
        }
    }

    public void Dispose() => Directory.Delete(Path.GetFullPath(Path.Combine(modes, "..", "..")), recursive: true);

    [Fact]
    public void Every_file_is_copied_under_the_new_name_in_every_place()
    {
        var made = new ModeTemplate(modes).Create("three-phase-commit");

        Assert.Equal(["README.md", "ThreePhaseCommitLab.cs", "ThreePhaseCommitMode.cs"], made.Files);
        Assert.Equal(made.Files, Directory.EnumerateFiles(made.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var text in made.Files.Select(file => File.ReadAllText(Path.Combine(made.Folder, file))))
        {
            Assert.DoesNotContain("template", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("new-mode", text, StringComparison.Ordinal);
        }

        Assert.StartsWith("# Three phase commit\n", File.ReadAllText(Path.Combine(made.Folder, "README.md")), StringComparison.Ordinal);
        Assert.Contains("namespace Cluster.Modes.ThreePhaseCommit;", File.ReadAllText(Path.Combine(made.Folder, "ThreePhaseCommitMode.cs")), StringComparison.Ordinal);
        Assert.Contains("Slug = \"three-phase-commit\"", File.ReadAllText(Path.Combine(made.Folder, "ThreePhaseCommitMode.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_catalogue_gets_one_line_and_keeps_the_others()
    {
        var before = File.ReadAllLines(Path.Combine(modes, "ModeCatalog.cs"));

        _ = new ModeTemplate(modes).Create("abd");

        var after = File.ReadAllLines(Path.Combine(modes, "ModeCatalog.cs"));
        Assert.Equal(["using Cluster.Modes.Abd;", "        AbdMode.Mode,"], after.Except(before));
        Assert.Equal(before, after.Where(line => !line.Contains("Abd", StringComparison.Ordinal)));
        Assert.Equal(after.Where(line => line.StartsWith("using ", StringComparison.Ordinal)).Order(StringComparer.Ordinal), after.TakeWhile(line => line.Length > 0));
    }

    [Theory]
    [InlineData("Quorum")]
    [InlineData("two_phase")]
    [InlineData("2pc")]
    [InlineData("-a")]
    [InlineData("a--b")]
    [InlineData("")]
    [InlineData("../escape")]
    [InlineData("a-name-that-is-longer-than-a-line-of-a-table-can-hold")]
    public void What_is_no_slug_is_refused(string name) => Refused(name, "is no name of a mode");

    [Theory]
    [InlineData("template")]
    [InlineData("shared-nothing")]
    [InlineData("sharednothing")]
    [InlineData("mode")]
    [InlineData("mode-catalog")]
    public void A_name_that_is_taken_is_refused(string name) => Refused(name, "is taken");

    [Fact]
    public void A_name_cannot_be_made_twice()
    {
        _ = new ModeTemplate(modes).Create("abd");

        Refused("abd", "is taken");
    }

    [Fact]
    public void The_folder_of_modes_is_found_from_within_the_checkout() =>
        Assert.Equal(Path.Combine(Repository.Root, "src", "Modes"), ModeTemplate.FindModes(AppContext.BaseDirectory));

    /// <summary>With the names of the project's own assemblies only: what it is built on is the port. The modes beside it have one package, that of shared-everything.</summary>
    [Fact]
    public async Task What_is_made_compiles()
    {
        _ = new ModeTemplate(modes).Create("three-phase-commit");
        var bin = Path.Combine(Repository.Root, "artifacts", "bin");
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        Assert.True(File.Exists(Path.Combine(bin, "Engine", configuration, "Cluster.Engine.dll")), "the engine is not built: dotnet build -c Release src/Engine");
        await File.WriteAllTextAsync(Path.Combine(modes, "Copy.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
                <Reference Include="{Path.Combine(bin, "Engine", configuration, "Cluster.Engine.dll")}" />
                <Reference Include="{Path.Combine(bin, "Shared", configuration, "Cluster.Shared.dll")}" />
                <Reference Include="{Path.Combine(AppContext.BaseDirectory, "Google.Protobuf.dll")}" />
                <Reference Include="{Path.Combine(bin, "Node", configuration, "Npgsql.dll")}" />
              </ItemGroup>
            </Project>
            """, TestContext.Current.CancellationToken);

        var start = new ProcessStartInfo("dotnet", ["build", Path.Combine(modes, "Copy.csproj"), "-nologo", "-v", "q", "-nodeReuse:false", "-p:UseSharedCompilation=false"]) { RedirectStandardOutput = true };
        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(build.ExitCode == 0, output);
    }

    private void Refused(string name, string because)
    {
        var before = Directory.EnumerateFileSystemEntries(modes).Count();

        var refused = Assert.Throws<LabException>(() => new ModeTemplate(modes).Create(name));

        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(modes).Count());
    }
}
