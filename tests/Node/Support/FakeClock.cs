namespace Cluster.Node.Tests.Support;

/// <summary>A wall clock that stands still until it is moved; timestamps run on, since sockets do too.</summary>
internal sealed class FakeClock : TimeProvider
{
    private long ticks = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public long UnixMs => GetUtcNow().ToUnixTimeMilliseconds();

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
