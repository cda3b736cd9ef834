namespace Cluster.Engine.KeyValue;

/// <summary>A <see cref="Keyspace"/> as it was at one moment; read by any one thread at a time, until it is disposed.</summary>
internal sealed class KeyspaceSnapshot : IDisposable
{
    private readonly KeyspaceNode root;
    private readonly Token token;

    internal KeyspaceSnapshot(KeyspaceNode root, int count, Token token)
    {
        this.root = root;
        this.token = token;
        Count = count;
    }

    public int Count { get; }

    public KeyspaceCursor Seek(ReadOnlySpan<byte> from)
    {
        ObjectDisposedException.ThrowIf(token.Released, this);
        return new KeyspaceCursor(root, from);
    }

    public void Dispose() => token.Released = true;

    /// <summary>What the keyspace knows of a snapshot: its epoch, and whether it still needs the nodes kept apart.</summary>
    internal sealed class Token
    {
        private volatile bool released;

        public Token(ulong epoch) => Epoch = epoch;

        public ulong Epoch { get; }

        public bool Released
        {
            get => released;
            set => released = value;
        }
    }
}
