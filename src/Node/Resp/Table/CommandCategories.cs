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
    Admin = 16,
    Fast = 32,
    Slow = 64,
    Dangerous = 128,
    Connection = 256,
    Transaction = 512,
}
