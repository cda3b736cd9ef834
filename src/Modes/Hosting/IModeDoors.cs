namespace Cluster.Modes.Hosting;

/// <summary>The way from a node's front doors to the modes on it.</summary>
public interface IModeDoors
{
    /// <summary>Asks a mode on this node. Never throws for what a mode or a cluster can do to a request: the answer's error says it.</summary>
    /// <param name="mode">Its slug.</param>
    /// <param name="isRead">Whether no answer in time means that nothing has changed.</param>
    /// <exception cref="ArgumentException">There is no such mode here, or it serves no operations.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up waiting.</exception>
    Task<ModeAnswer> AskAsync(string mode, ModeRequest request, bool isRead, TimeSpan patience, CancellationToken cancellation);
}
