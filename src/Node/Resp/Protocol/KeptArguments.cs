namespace Cluster.Node.Resp.Protocol;

/// <summary>A command's arguments, copied: they last until nobody needs them.</summary>
internal sealed class KeptArguments(byte[] bytes, ArgumentRange[] ranges)
{
    public RespArguments Arguments => new(bytes, ranges, bytes);
}
