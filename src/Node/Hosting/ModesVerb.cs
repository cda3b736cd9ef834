using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Modes;
using Cluster.Node.Options;
using Cluster.Shared.Scenarios;

namespace Cluster.Node.Hosting;

/// <summary>
/// <c>modes</c>: prints which modes this build can run, as JSON or (<c>-o markdown</c>) as a page; <c>scenario SLUG</c>: a mode's lab, as JSON. For whoever knows the binary but not its code.
/// </summary>
internal static partial class ModesVerb
{
    public static int Run()
    {
        Console.WriteLine(JsonSerializer.Serialize([.. ModeCatalog.All.Select(mode => mode.Description)], ModesJson.Default.IReadOnlyListModeDescription));
        return ExitCode.Ok;
    }

    public static int RunMarkdown()
    {
        Console.Write(ModeTable.Markdown(ModeCatalog.All));
        return ExitCode.Ok;
    }

    public static int RunScenario(string slug)
    {
        if (ModeCatalog.Find(slug) is not { } mode)
        {
            Console.Error.WriteLine($"there is no mode '{slug}'; the modes are {string.Join(", ", ModeCatalog.All.Select(known => known.Slug))}");
            return ExitCode.Usage;
        }

        Console.WriteLine(JsonSerializer.Serialize(mode.Lab, ScenarioJson.Default.Scenario));
        return ExitCode.Ok;
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(IReadOnlyList<ModeDescription>))]
    private sealed partial class ModesJson : JsonSerializerContext;
}
