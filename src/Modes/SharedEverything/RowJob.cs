using Cluster.Modes.Hosting;
using Npgsql;

namespace Cluster.Modes.SharedEverything;

/// <summary>A client's request on its way through the pool. Part of one actor.</summary>
internal sealed class RowJob(ModeRequest request, RowOrder? order)
{
    public ModeRequest Request => request;

    /// <summary>What it is to change; null where it only asks.</summary>
    public RowOrder? Order { get; set; } = order;

    /// <summary>The attempt that is under way.</summary>
    public Attempt? Attempt { get; set; }

    /// <summary>Whose connections it uses: what happens to old ones says nothing of the database as it is now.</summary>
    public NpgsqlDataSource? Source { get; set; }

    /// <summary>Whether an attempt has sent its commit and was not answered: until it is known, no answer to the client is certain.</summary>
    public bool MayHaveCommitted { get; set; }

    /// <summary>What the last attempt failed of.</summary>
    public string? LastFailure { get; set; }
}
