using System.Buffers.Text;
using System.Text;

namespace Cluster.Lab.Benchmarks.Requests;

/// <summary>
/// Writes requests of one workload as RESP arrays into a caller's buffer, without allocating. Keys are <c>key:</c> and twelve digits, as redis-benchmark's; counters stand apart from
/// them as <c>ctr:</c>, because INCR refuses what SET has written. Values are random letters that differ from write to write.
/// </summary>
public sealed class RequestEncoder
{
    public const int KeysOfSetMany = 10;

    private const int KeyDigits = 12;
    private const int ValueVariants = 4096;

    private readonly byte[] valuePool;
    private readonly int valueBytes;
    private readonly BenchWorkload workload;
    private readonly double readShare;
    private readonly byte[] set;
    private readonly byte[] valueHead;
    private readonly byte[] setMany;
    private readonly byte[] get = Encoding.ASCII.GetBytes("*2\r\n$3\r\nGET\r\n$16\r\nkey:");
    private readonly byte[] increment = Encoding.ASCII.GetBytes("*2\r\n$4\r\nINCR\r\n$16\r\nctr:");
    private readonly byte[] manyKey = Encoding.ASCII.GetBytes("$16\r\nkey:");
    private readonly byte[] ping = Encoding.ASCII.GetBytes("*1\r\n$4\r\nPING\r\n");

    /// <param name="readShare">Of a mixed workload: from 0 to 1.</param>
    public RequestEncoder(BenchWorkload workload, double readShare, int valueBytes, ulong seed)
    {
        this.workload = workload;
        this.readShare = readShare;
        this.valueBytes = valueBytes;
        var random = new RandomNumbers(seed);
        valuePool = new byte[valueBytes + ValueVariants];
        foreach (ref var letter in valuePool.AsSpan())
        {
            letter = (byte)('a' + random.Below(26));
        }

        set = Encoding.ASCII.GetBytes("*3\r\n$3\r\nSET\r\n$16\r\nkey:");
        valueHead = Encoding.ASCII.GetBytes($"\r\n${valueBytes}\r\n");
        setMany = Encoding.ASCII.GetBytes($"*{1 + (2 * KeysOfSetMany)}\r\n$4\r\nMSET\r\n");
    }

    /// <summary>Room that any request of this workload needs.</summary>
    public int MaxRequestBytes
    {
        get
        {
            var pair = manyKey.Length + KeyDigits + valueHead.Length + valueBytes + 2;
            return workload == BenchWorkload.Mset ? setMany.Length + (KeysOfSetMany * pair) : set.Length + pair;
        }
    }

    public static bool IsRead(RequestKind kind) => kind == RequestKind.Get;

    public RequestKind Choose(RandomNumbers random) => workload switch
    {
        BenchWorkload.Get => RequestKind.Get,
        BenchWorkload.Mixed => random.Unit() < readShare ? RequestKind.Get : RequestKind.Set,
        BenchWorkload.Incr => RequestKind.Increment,
        BenchWorkload.Mset => RequestKind.SetMany,
        BenchWorkload.Ping => RequestKind.Ping,
        _ => RequestKind.Set,
    };

    /// <returns>How many bytes were written.</returns>
    public int Encode(RequestKind kind, IKeyChooser keys, RandomNumbers random, Span<byte> destination)
    {
        var at = 0;
        switch (kind)
        {
            case RequestKind.Get:
                at = Key(destination, Copy(get, destination, at), keys.Next(random));
                return End(destination, at);
            case RequestKind.Increment:
                at = Key(destination, Copy(increment, destination, at), keys.Next(random));
                return End(destination, at);
            case RequestKind.Ping:
                return Copy(ping, destination, at);
            case RequestKind.SetMany:
                at = Copy(setMany, destination, at);
                for (var i = 0; i < KeysOfSetMany; i++)
                {
                    at = Value(destination, Key(destination, Copy(manyKey, destination, at), keys.Next(random)), random);
                }

                return at;
            default:
                return Value(destination, Key(destination, Copy(set, destination, at), keys.Next(random)), random);
        }
    }

    private static int Copy(byte[] part, Span<byte> destination, int at)
    {
        part.CopyTo(destination[at..]);
        return at + part.Length;
    }

    private static int Key(Span<byte> destination, int at, long key)
    {
        _ = Utf8Formatter.TryFormat(key, destination[at..], out _, new System.Buffers.StandardFormat('D', KeyDigits));
        return at + KeyDigits;
    }

    private int Value(Span<byte> destination, int at, RandomNumbers random)
    {
        at = Copy(valueHead, destination, at);
        valuePool.AsSpan((int)random.Below(ValueVariants), valueBytes).CopyTo(destination[at..]);
        return End(destination, at + valueBytes);
    }

    private static int End(Span<byte> destination, int at)
    {
        "\r\n"u8.CopyTo(destination[at..]);
        return at + 2;
    }
}
