namespace Cluster.Lab.Resp;

/// <summary>The five reply types of RESP2; a null bulk string or array is <see cref="Null"/>.</summary>
public enum RespKind
{
    Simple,
    Error,
    Number,
    Bulk,
    Array,
    Null,
}
