using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Workloads.Generators;

/// <summary>
/// Chooses what one client does next, from the workload's options, a seeded random source and what this client has seen. It reads no clock and does no I/O, so the same seed
/// and the same answers give the same operations. Each client has its own.
/// </summary>
public interface IGenerator
{
    /// <summary>Every key that this client may have used so far, as the history names them: what has to be read after the run.</summary>
    IEnumerable<string> Keys { get; }

    Request Next();

    /// <summary>What came of the request that was chosen last.</summary>
    void Saw(Request request, in StoreAnswer answer);
}
