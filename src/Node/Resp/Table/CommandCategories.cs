namespace Cluster.Node.Resp.Table;

/// <summary>Kinds of commands, named as Redis's access control lists name them (<c>@string</c>) and in the order in which Redis tells them.</summary>
[Flags]
internal enum CommandCategories
{
    None = 0,
    Keyspace = 1,
    Read = 2,
    Write = 4,
    String = 8,
    PubSub = 16,
    Admin = 32,
    Fast = 64,
    Slow = 128,
    Dangerous = 256,
    Connection = 512,
    Transaction = 1024,
}
