namespace Cluster.Modes.DistributedDatabase.Transactions;

/// <summary>What a step does.</summary>
public enum StepKind
{
    /// <summary>Reads a key.</summary>
    Read,

    /// <summary>Writes a key, whatever is there.</summary>
    Put,

    /// <summary>Takes a key away.</summary>
    Delete,

    /// <summary>Adds to the end of a key's value; one that is not there is empty.</summary>
    Append,

    /// <summary>Ends the transaction without effect unless that value stands there.</summary>
    Expect,

    /// <summary>Reads the keys with a prefix, in their order.</summary>
    Scan,

    /// <summary>Reads the keys with a value, by the index.</summary>
    Find,
}
