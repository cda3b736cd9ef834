using System.Text.Json.Nodes;
using Cluster.Client.Output;

namespace Cluster.Client.Keys;

/// <summary>Answers of a key store as people read them.</summary>
internal static class KeyTables
{
    /// <summary>What a store may tell of a value; what it never tells gets no column.</summary>
    private static readonly string[] Told = ["value", "version", "from", "ageMs", "siblings"];

    public static void WriteValues(JsonArray keys)
    {
        var columns = Told.Where(name => keys.Any(key => key!.AsObject().ContainsKey(name))).ToList();
        var listing = new Listing(["key", .. columns]);
        foreach (var key in keys)
        {
            listing.Add([Format.Plain(Text(key!["key"])), .. columns.Select(name => Format.Plain(Text(key[name])))]);
        }

        listing.Write();
    }

    public static void WriteWritten(JsonNode written)
    {
        var listing = new Listing("key", "version", "copies");
        listing.Add(Format.Plain(Text(written["key"])), Format.Plain(Text(written["version"])), Format.Plain(Text(written["copies"])));
        listing.Write();
    }

    /// <summary>The X-ray of a key.</summary>
    public static void WriteWhereabouts(JsonNode where)
    {
        Console.WriteLine($"{Text(where["key"])}: {Text(where["place"]) ?? "no place of its own"}; {(Text(where["owner"]) is { } owner ? $"{owner} decides" : "nobody decides alone")}");
        var listing = new Listing("node", "version", "state", "hints");
        foreach (var replica in where["replicas"]?.AsArray() ?? [])
        {
            var name = Text(replica!["node"])!;
            listing.Add(Format.Plain(name), Format.Plain(Text(replica["version"])), Colour(Text(replica["state"]) ?? "-"), Format.Plain(Text(where["hints"]?[name])));
        }

        listing.Write();
        if (Text(where["lastRepairMsAgo"]) is { } ago)
        {
            Console.WriteLine($"replicas were last compared {ago} ms ago; keys that differed: {Text(where["merkleDifference"]) ?? "not counted"}");
        }
    }

    private static string Colour(string state) => state switch
    {
        "current" or "leader" => Format.Good(state),
        "missing" or "no answer" => Format.Bad(state),
        "behind" or "deleted" or "learner" => Format.Doubtful(state),
        _ => Format.Plain(state),
    };

    private static string? Text(JsonNode? value) => value switch
    {
        null => null,
        JsonArray many => string.Join(" | ", many.Select(Text)),
        _ => value.ToString(),
    };
}
