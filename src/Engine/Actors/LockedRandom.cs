namespace Cluster.Engine.Actors;

/// <summary>A seeded random source that all threads of an actor system share. On one thread, one seed gives one sequence.</summary>
internal sealed class LockedRandom(Random source) : Random
{
    private readonly Lock gate = new();

    public override int Next()
    {
        lock (gate)
        {
            return source.Next();
        }
    }

    public override int Next(int maxValue)
    {
        lock (gate)
        {
            return source.Next(maxValue);
        }
    }

    public override int Next(int minValue, int maxValue)
    {
        lock (gate)
        {
            return source.Next(minValue, maxValue);
        }
    }

    public override long NextInt64()
    {
        lock (gate)
        {
            return source.NextInt64();
        }
    }

    public override long NextInt64(long maxValue)
    {
        lock (gate)
        {
            return source.NextInt64(maxValue);
        }
    }

    public override long NextInt64(long minValue, long maxValue)
    {
        lock (gate)
        {
            return source.NextInt64(minValue, maxValue);
        }
    }

    public override float NextSingle()
    {
        lock (gate)
        {
            return source.NextSingle();
        }
    }

    public override double NextDouble()
    {
        lock (gate)
        {
            return source.NextDouble();
        }
    }

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        lock (gate)
        {
            source.NextBytes(buffer);
        }
    }

    protected override double Sample() => NextDouble();
}
