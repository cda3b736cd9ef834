namespace Cluster.Lab.Histories;

/// <summary>Keeps a history in memory, as a simulated run wants it: nothing is written, parsed or rounded on the way to the checkers.</summary>
public sealed class HistoryRecorder : IHistorySink
{
    private readonly Lock gate = new();
    private readonly List<Operation> operations = [];
    private readonly List<FaultEvent> faults = [];

    /// <summary>Operations so far.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return operations.Count;
            }
        }
    }

    public void Write(Operation operation)
    {
        lock (gate)
        {
            operations.Add(operation);
        }
    }

    public void Write(FaultEvent fault)
    {
        lock (gate)
        {
            faults.Add(fault);
        }
    }

    /// <summary>What was recorded so far; what comes later is not in it.</summary>
    public History ToHistory()
    {
        lock (gate)
        {
            return new History([.. operations], [.. faults]);
        }
    }
}
