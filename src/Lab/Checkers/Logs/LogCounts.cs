namespace Cluster.Lab.Checkers.Logs;

/// <summary>What a log did with its records.</summary>
internal sealed class LogCounts
{
    public int Sent { get; set; }

    public int Polled { get; set; }

    public int Lost { get; set; }

    public int Reordered { get; set; }

    public int Phantom { get; set; }

    public int Twice { get; set; }

    public int Different { get; set; }

    /// <summary>Acknowledged records that nobody polled, nor polled past: nothing can be said of them.</summary>
    public int Unread { get; set; }

    public bool IsViolated => Lost + Reordered + Phantom + Twice + Different > 0;

    public override string ToString() =>
        $"sent {Sent}, polled {Polled}, lost {Lost}, reordered {Reordered}, phantom {Phantom}, twice {Twice}, different {Different}, not polled yet {Unread}";
}
