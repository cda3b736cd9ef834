namespace Cluster.Lab.Histories;

/// <summary>Where a run's operations and faults go as they happen. May be called by several clients at once.</summary>
public interface IHistorySink
{
    void Write(Operation operation);

    void Write(FaultEvent fault);
}
