namespace Cluster.Modes.Lock;

/// <summary>
/// An instant on the wall clock of the leader that set it, with the length that it was set for. Another leader's clock may differ; the length bounds what that can do: no deadline is
/// further away than its own length.
/// </summary>
/// <param name="At">The first instant at which it is over.</param>
internal readonly record struct Deadline(DateTimeOffset At, TimeSpan Length)
{
    public static Deadline After(DateTimeOffset now, TimeSpan length) => new(now + length, length);

    public bool IsOver(DateTimeOffset now) => now >= At;

    /// <summary>Whether it lies so far ahead that the clock which set it was ahead of this one. It then counts anew from now, so that a clock that was wrong for a moment holds nobody up for longer than that.</summary>
    public bool IsTooFar(DateTimeOffset now) => At - now > Length;

    public TimeSpan Left(DateTimeOffset now) => IsOver(now) ? TimeSpan.Zero : At - now;
}
