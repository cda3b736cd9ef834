namespace Cluster.Lab.Histories;

/// <summary>What a client learned about its operation.</summary>
public enum Outcome
{
    /// <summary>It took effect between its call and its return.</summary>
    Ok,

    /// <summary>It certainly had no effect.</summary>
    Fail,

    /// <summary>Unknown: it may have taken effect at any time after its call, or never.</summary>
    Info,
}
