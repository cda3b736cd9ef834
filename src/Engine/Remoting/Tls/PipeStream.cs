using System.Buffers;
using System.IO.Pipelines;
using Cluster.Engine.Remoting.Handshakes;

namespace Cluster.Engine.Remoting.Tls;

/// <summary>
/// A connection's pipes as the stream that TLS runs over. What is written goes to the socket at a flush, or when much waits, so that the records of one chunk
/// leave together. A peer that answers with this protocol's plaintext greeting is noticed by its first byte, which TLS never has, and left unread.
/// </summary>
internal sealed class PipeStream(IDuplexPipe plain) : Stream
{
    private const int MostUnflushed = 128 * 1024;

    private long unflushed;
    private bool looked;

    /// <summary>The peer has answered in plaintext: it does not speak TLS.</summary>
    public bool SawMagic { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await plain.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
        var received = read.Buffer;
        if (received.IsEmpty)
        {
            plain.Input.AdvanceTo(received.End);
            return 0;
        }

        if (!looked)
        {
            looked = true;
            SawMagic = received.FirstSpan[0] == HandshakeWire.FirstByte;
            if (SawMagic)
            {
                plain.Input.AdvanceTo(received.Start);
                throw new IOException("the peer does not speak TLS");
            }
        }

        var taken = received.Slice(0, Math.Min(received.Length, buffer.Length));
        taken.CopyTo(buffer.Span);
        plain.Input.AdvanceTo(taken.End);
        return (int)taken.Length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        plain.Output.Write(buffer.Span);
        unflushed += buffer.Length;
        if (unflushed >= MostUnflushed)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        unflushed = 0;
        var flush = await plain.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (flush.IsCompleted)
        {
            throw new IOException("the connection is closed");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("asynchronous only");

    public override void Flush() => throw new NotSupportedException("asynchronous only");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
