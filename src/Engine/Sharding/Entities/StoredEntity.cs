namespace Cluster.Engine.Sharding.Entities;

/// <summary>An entity as bytes: all that is kept of one at rest, and what snapshots are made of.</summary>
/// <param name="Version">Of the state's shape.</param>
/// <param name="Digest">Of id, version and bytes: its part in the hash of all.</param>
internal sealed record StoredEntity(uint Version, byte[] State, ulong Digest)
{
    public static readonly StoredEntity None = new(0, [], 0);

    public static StoredEntity Of(string id, uint version, byte[] state)
    {
        Span<byte> name = stackalloc byte[Port.EntityLimits.MaxIdBytes];
        var length = System.Text.Encoding.UTF8.GetBytes(id, name);
        return new StoredEntity(version, state, StateDigest.Join(StateDigest.Join(StateDigest.Of(name[..length]), version), StateDigest.Of(state)));
    }
}
