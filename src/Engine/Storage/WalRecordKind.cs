namespace Cluster.Engine.Storage;

/// <summary>What a record says. The numbers are on disk: they are never used again for something else.</summary>
internal enum WalRecordKind : byte
{
    /// <summary>Not a record: the rest of the batch is padding.</summary>
    Padding = 0,

    /// <summary>Entries in a row, replacing what the group had from the first one's index.</summary>
    Entries = 1,

    /// <summary>The group's entries from an index on are gone.</summary>
    Truncate = 2,

    /// <summary>Term, vote and commit index.</summary>
    HardState = 3,

    /// <summary>The group exists, with its first configuration.</summary>
    GroupCreated = 4,

    /// <summary>The group is gone, with everything it had.</summary>
    GroupRemoved = 5,

    /// <summary>A snapshot stands for the entries up to an index.</summary>
    SnapshotMark = 6,
}
