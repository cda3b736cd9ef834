using System.Globalization;
using System.Text;
using System.Text.Json;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Patterns;
using Google.Protobuf;

namespace Cluster.Node.Resp.Databases;

/// <summary>SCAN and KEYS on the database of a storage mode that has a scan: pages of keys in order. A cursor stands for the last key, in the node's table of cursors, under a shard number of the database's own.</summary>
internal static class ModeScan
{
    /// <summary>Above the number of any shard, of which there are at most as many as hash slots: a cursor of one database is none of another.</summary>
    private const int FirstPlace = Shared.Slots.HashSlot.Count;

    public static CommandCall Scan(ModeConnection on, in RespArguments arguments)
    {
        if (!ulong.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var cursor))
        {
            return CommandCall.Error("ERR invalid cursor");
        }

        byte[]? pattern = null;
        var limit = 10L;
        for (var i = 2; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count || (arguments.Is(i, "COUNT"u8) && (!arguments.TryInteger(i + 1, out limit) || limit < 1)))
            {
                return CommandCall.Error(ErrorReplies.Syntax);
            }

            if (arguments.Is(i, "MATCH"u8))
            {
                pattern = arguments[i + 1].ToArray();
            }
            else if (!arguments.Is(i, "COUNT"u8))
            {
                return ModeCommands.Unsupported(on, $"SCAN with {arguments.Text(i).ToUpperInvariant()}");
            }
        }

        var place = FirstPlace + on.Database.Number;
        var dial = on.Dial;
        var most = (int)Math.Min(limit, StorageOperations.ScanMax);
        return CommandCall.Later(cancellation => ScanAsync(on, dial, place, cursor, pattern, most, cancellation));
    }

    public static CommandCall Keys(ModeConnection on, in RespArguments arguments)
    {
        var pattern = arguments[1].ToArray();
        var dial = on.Dial;
        return CommandCall.Later(async cancellation =>
        {
            var found = new FoundKeys(on.Server.Options);
            string? after = null;
            do
            {
                var (page, error) = await PageAsync(on, dial, pattern, after, StorageOperations.ScanMax, cancellation).ConfigureAwait(false);
                if (error is not null)
                {
                    return error;
                }

                foreach (var key in page.Matches)
                {
                    if (found.Add(key) is { } tooMuch)
                    {
                        return RespValue.Error(tooMuch);
                    }
                }

                after = page.Next;
            }
            while (after is not null);
            return RespValue.Array(found.Values);
        });
    }

    private static async Task<RespValue> ScanAsync(ModeConnection on, IReadOnlyDictionary<string, string> dial, int place, ulong cursor, byte[]? pattern, int most, CancellationToken cancellation)
    {
        var (at, after) = on.Server.Cursors.Find(cursor);
        if (cursor != 0 && at != place)
        {
            return RespValue.Error("ERR invalid cursor");
        }

        var (page, error) = await PageAsync(on, dial, pattern, after.Length == 0 ? null : after.ToStringUtf8(), most, cancellation).ConfigureAwait(false);
        var next = page.Next is null ? 0 : on.Server.Cursors.After(place, ByteString.CopyFromUtf8(page.Next));
        return error ?? RespValue.Array(RespValue.Bulk(next.ToString(CultureInfo.InvariantCulture)), RespValue.Array([.. page.Matches.Select(RespValue.Bulk)]));
    }

    private static async Task<(KeyPage Page, RespValue? Error)> PageAsync(ModeConnection on, IReadOnlyDictionary<string, string> dial, byte[]? pattern, string? after, int most, CancellationToken cancellation)
    {
        var arguments = new List<(string, string)> { (StorageOperations.Limit, most.ToString(CultureInfo.InvariantCulture)) };
        if (pattern is not null && StorageText.TryRead(Glob.LiteralPrefix(pattern), out var prefix) && prefix.Length > 0)
        {
            arguments.Add((StorageOperations.Prefix, prefix));
        }

        if (after is not null)
        {
            arguments.Add((StorageOperations.After, after));
        }

        var answer = await on.AskAsync(StorageOperations.Scan, dial, cancellation, [.. arguments]).ConfigureAwait(false);
        return answer.Error is { } refused ? (default, RespValue.Error(ErrorReplies.For(refused))) : (KeyPage.Read(answer, pattern), null);
    }

    /// <param name="Matches">The page's keys that match.</param>
    /// <param name="Next">The last key; null where there are no more.</param>
    private readonly record struct KeyPage(IReadOnlyList<ByteString> Matches, string? Next)
    {
        public static KeyPage Read(ModeAnswer answer, byte[]? pattern)
        {
            using var json = JsonDocument.Parse(answer.Json!);
            var keys = json.RootElement.GetProperty("keys").EnumerateArray().Select(entry => entry.GetProperty(StorageOperations.Key).GetString()!).ToList();
            var matches = keys.Where(key => pattern is null || Glob.Matches(pattern, Encoding.UTF8.GetBytes(key))).Select(ByteString.CopyFromUtf8);
            return new KeyPage([.. matches], json.RootElement.GetProperty("hasMore").GetBoolean() && keys.Count > 0 ? keys[^1] : null);
        }
    }
}
