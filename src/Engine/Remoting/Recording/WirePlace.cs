namespace Cluster.Engine.Remoting.Recording;

/// <summary>
/// Which frame of which connection: what sender and receiver of a frame both know without a word on the wire. Faults act before a frame has its place, so a
/// duplicate has a place of its own, and a frame that was lost has none.
/// </summary>
/// <param name="Number">Frames that the same end had written, or the other end had read, before it on that connection.</param>
internal readonly record struct WirePlace(string Session, long Number)
{
    /// <summary>The name of a connection: who dialled it, in which life, and the number of that dial, which no other dial of that life has.</summary>
    public static string SessionOf(PeerIdentity dialler, uint dial) => $"{dialler.Name}.{dialler.Incarnation}.{dial}";
}
