using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Modes;

namespace Cluster.Node.Hosting;

/// <summary><c>modes</c>: prints which modes this build can run, as JSON, for whoever knows the binary but not its code.</summary>
internal static partial class ModesVerb
{
    public static int Run()
    {
        Console.WriteLine(JsonSerializer.Serialize(ModeCatalog.All, ModesJson.Default.IReadOnlyListModeDescription));
        return 0;
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(IReadOnlyList<ModeDescription>))]
    private sealed partial class ModesJson : JsonSerializerContext;
}
