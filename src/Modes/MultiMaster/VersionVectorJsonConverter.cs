using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Modes.MultiMaster;

/// <summary>A version vector on the wire is its text.</summary>
internal sealed class VersionVectorJsonConverter : JsonConverter<VersionVector>
{
    public override VersionVector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (reader.TokenType == JsonTokenType.String ? VersionVector.TryParse(reader.GetString()!) : null) ?? throw new JsonException("this is no version vector");

    public override void Write(Utf8JsonWriter writer, VersionVector value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
