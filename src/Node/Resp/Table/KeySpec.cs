namespace Cluster.Node.Resp.Table;

/// <summary>Where a command's keys stand, and what it does to them: one of Redis 7's key specifications.</summary>
/// <param name="Index">The argument that is the first key; the command's name is argument 0.</param>
/// <param name="Last">The last key, counted from the first; negative: counted from the end, -1 being the last argument.</param>
/// <param name="Step">From one key to the next.</param>
/// <param name="Access">Redis's words: RO, RW, OW (overwrites), RM (removes); access, update, insert, delete.</param>
internal sealed record KeySpec(int Index, int Last, int Step, string Access)
{
    /// <summary>Redis's word for what is no key and yet has a slot: a shard channel.</summary>
    public const string NotKey = "not_key";

    /// <summary>One key.</summary>
    public static KeySpec At(int index, string access) => new(index, 0, 1, access);

    /// <summary>Keys from an argument to the end, each with so many arguments.</summary>
    public static KeySpec From(int index, int step, string access) => new(index, -1, step, access);

    /// <summary>The last argument that is a key, in a command of so many arguments.</summary>
    public int LastOf(int argumentCount) => Last < 0 ? argumentCount + Last : Index + Last;
}
