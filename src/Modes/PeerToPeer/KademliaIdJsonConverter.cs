using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Modes.PeerToPeer;

/// <summary>An id on the wire is its text.</summary>
internal sealed class KademliaIdJsonConverter : JsonConverter<KademliaId>
{
    public override KademliaId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && KademliaId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("this is no id of 160 bits");

    public override void Write(Utf8JsonWriter writer, KademliaId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
