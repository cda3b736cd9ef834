using Cluster.Engine.Actors.Mailboxes;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;

namespace Cluster.Engine.Actors;

/// <summary>Paths to references, here and elsewhere, and the two ends of the link to other nodes.</summary>
public sealed partial class ActorSystem
{
    private readonly RefCache knownRefs = new();
    private readonly AddressCache knownAddresses = new();
    private readonly IActorRef? remoteWatcher;

    public IActorRef Resolve(string path) => Resolve(ActorPath.Parse(path));

    /// <summary>
    /// Hands in a message from another node. Never throws for what came in: a message without a receiver here, or for a full mailbox, is a dead letter.
    /// </summary>
    /// <param name="to">The receiver's path; a uid in it must fit.</param>
    /// <param name="from">The sender's full path, null or empty for none.</param>
    public void DeliverRemote(string to, object message, string? from) =>
        DeliverRemote(to, message, string.IsNullOrEmpty(from) ? null : ResolveRemembered(from));

    /// <inheritdoc cref="DeliverRemote(string, object, string?)"/>
    public void DeliverRemote(string to, object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        var envelope = new Envelope(message, sender);
        switch (ResolveRemembered(to))
        {
            case null:
                DeadLetterOffice.Post(envelope, DeadLetterOffice, DeadLetterReasons.NoSuchActor);
                break;
            case RemoteActorRef elsewhere:
                DeadLetterOffice.Post(envelope, elsewhere, DeadLetterReasons.NotThisNode);
                break;
            case var target:
                try
                {
                    target.Tell(message, sender);
                }
                catch (MailboxFullException)
                {
                    DeadLetterOffice.Post(envelope, target, DeadLetterReasons.MailboxFull);
                }

                break;
        }
    }

    /// <summary>The node at this address is gone for good: whoever watches an actor there gets its <see cref="Terminated"/>.</summary>
    public void AddressTerminated(ActorAddress address) => remoteWatcher?.Tell(new RemoteWatcher.AddressGone(address));

    /// <summary>A link to this address has come up, perhaps to a new life of its node: watches of actors there are said again at once.</summary>
    public void LinkRestored(ActorAddress address) => remoteWatcher?.Tell(new RemoteWatcher.AddressBack(address));

    internal InternalRef Resolve(ActorPath path)
    {
        if (path.Address is not null && path.Address != Address)
        {
            return new RemoteActorRef(this, path);
        }

        return FindLocal(path) ?? new EmptyRef(this, path.WithAddress(null));
    }

    internal void SendRemote(RemoteActorRef target, object message, IActorRef? sender)
    {
        var reason = DeadLetterReasons.NoRemoting;
        var from = sender is null or Actors.DeadLetterOffice ? null : Own(sender).WirePath;
        if (Options.RemoteSink is not { } sink || !sink.TrySend(target.Address, target.TargetPath, from, message, out reason))
        {
            DeadLetterOffice.Post(new Envelope(message, sender), target, reason ?? DeadLetterReasons.NoRemoting);
        }
    }

    internal void TellRemoteWatcher(object message) => remoteWatcher?.Tell(message);

    private IActorRef? StartRemoteWatcher() => Options.RemoteSink is null
        ? null
        : SystemActorOf(Props.Create(() => new RemoteWatcher(this)).WithMailbox(int.MaxValue), RemoteWatcher.Name);

    private InternalRef? ResolveRemembered(string path)
    {
        if (ResolvePromise(path) is { } promise)
        {
            return promise;
        }

        if (knownRefs.Find(path) is { } known)
        {
            return known;
        }

        if (!ActorPath.TryParse(path, out var parsed))
        {
            return null;
        }

        var resolved = Resolve(parsed);
        knownRefs.Remember(path, resolved);
        return resolved;
    }

    /// <summary>A pending ask, here or elsewhere. Its path is seen once, so that remembering it would only cost.</summary>
    private InternalRef? ResolvePromise(string path)
    {
        var start = path.IndexOf(PromiseTable.Prefix, StringComparison.Ordinal);
        if (start <= 0)
        {
            return start == 0 ? Promises.Find(path) : null;
        }

        return PromiseTable.TryRead(path.AsSpan(start), out _, out _) && knownAddresses.Find(path.AsSpan(0, start)) is { } address && address != Address
            ? new RemoteActorRef(this, address, path[start..])
            : null;
    }

    private InternalRef? FindLocal(ActorPath path)
    {
        if (path.Elements == "/")
        {
            return root;
        }

        if (path.Elements.StartsWith(PromiseTable.Prefix, StringComparison.Ordinal))
        {
            return Promises.Find(path.WithAddress(null).ToSerializationFormat(null));
        }

        if (path.Elements == DeadLetterOffice.Path.Elements)
        {
            return DeadLetterOffice;
        }

        var found = root;
        foreach (var range in path.Elements.AsSpan(1).Split('/'))
        {
            var (start, length) = range.GetOffsetAndLength(path.Elements.Length - 1);
            if (found.Cell.FindChild(path.Elements.Substring(start + 1, length)) is not { } child)
            {
                return null;
            }

            found = child;
        }

        return IsMeant(found.Path, path) ? found : null;
    }

    private static bool IsMeant(ActorPath found, ActorPath asked) => asked.Uid == 0 || asked.Uid == found.Uid;
}
