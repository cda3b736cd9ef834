using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>The base of all this engine's references: beside messages they carry system messages.</summary>
internal abstract class InternalRef : IActorRef, IEquatable<InternalRef>
{
    private string? wirePath;

    public abstract ActorPath Path { get; }

    /// <summary>The path as another node reads it; remembered, because it goes out with every message sent there.</summary>
    public virtual string WirePath => wirePath ??= Path.ToSerializationFormat(System.Address);

    protected abstract ActorSystem System { get; }

    public abstract void Tell(object message, IActorRef? sender = null);

    public abstract void SendSystem(SystemMessage message);

    public Task<T> Ask<T>(object message, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        var promise = new PromiseRef<T>(System, this, message.GetType(), timeout, cancellation);
        Tell(message, promise);
        return promise.Answer;
    }

    public bool Equals(InternalRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    public override bool Equals(object? obj) => Equals(obj as InternalRef);

    public override int GetHashCode() => HashCode.Combine(Path, Path.Uid);

    public override string ToString() => Path.ToString();
}
