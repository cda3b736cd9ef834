using System.Text.Json.Serialization;

namespace Cluster.Modes.Sharded.Owner;

/// <summary>
/// A key with everything that its owner keeps of it. What calls have done to it travels with it (RIFL, Lee et al. 2015, section 4.2), so that a call that is sent again takes effect once, also at the next owner. So does which
/// comparisons have failed: another copy of the call may come when the comparison would hold, and the client has been told that it changed nothing. A key that was taken away stays, for the same reason, and so that of two states
/// the later can be told.
/// </summary>
/// <param name="Value">Null: it was taken away.</param>
/// <param name="Version">Writes to it so far.</param>
/// <param name="Clients">Those of whom a call may still come again; who called last stands last.</param>
/// <param name="Denials">Comparisons with it that have failed so far.</param>
public sealed record KeyEntry(string Key, string? Value, long Version, IReadOnlyList<KeyClient> Clients, long Denials = 0)
{
    /// <summary>Of each key. A node is one client, anew with each start: this outlasts several starts of each node while one call is open.</summary>
    public const int MostClients = 32;

    /// <summary>Characters of the key and value, and some for what stands round them: what a batch is measured by.</summary>
    public int Size => Key.Length + (Value?.Length ?? 0) + 64 + Clients.Sum(client => 64 + (client.Done.Count * 64));

    /// <summary>Rises with all that is kept of the key: of two of its states the one with more is the later.</summary>
    [JsonIgnore]
    public long Changes => Version + Denials;

    public static KeyEntry Absent(string key) => new(key, null, 0, []);

    /// <summary>What the call was answered; null if it has been neither carried out nor denied.</summary>
    public ShardAnswer? AnswerTo(ShardCall call) => Of(call.Client)?.Done.FirstOrDefault(done => done.Number == call.Number);

    /// <summary>Whether the client has the answer to the call already: this is an old copy of it, late on the wire.</summary>
    public bool IsOver(ShardCall call) => Of(call.Client) is { } client && call.Number < client.FirstOpen;

    /// <summary>The key after a call that writes.</summary>
    public KeyEntry After(ShardCall call, string? value) => Answering(call, new ShardAnswer(call.Number, null, Version + 1, Replaced: Value is not null)) with { Value = value, Version = Version + 1 };

    /// <summary>The key after a comparison that failed: as it was, but for the memory of that.</summary>
    public KeyEntry Denying(ShardCall call) => Answering(call, new ShardAnswer(call.Number, null, Version, IsConflict: true)) with { Denials = Denials + 1 };

    private KeyEntry Answering(ShardCall call, ShardAnswer answer)
    {
        var known = Of(call.Client);
        var firstOpen = Math.Max(known?.FirstOpen ?? 0, call.FirstOpen);
        IReadOnlyList<ShardAnswer> done = [.. (known?.Done ?? []).Where(earlier => earlier.Number >= firstOpen), answer];
        var others = Clients.Where(client => client.Client != call.Client);
        return this with { Clients = [.. others.TakeLast(MostClients - 1), new KeyClient(call.Client, firstOpen, done)] };
    }

    private KeyClient? Of(string client) => Clients.FirstOrDefault(known => known.Client == client);
}
