using Cluster.Engine.Port;

namespace Cluster.Modes.MultiMaster;

/// <summary>A replica fetches what it lacks of another, page by page. It knows as much as the other one did at the first page when it has taken over the last.</summary>
/// <param name="From">The other one.</param>
/// <param name="Known">What this one had at the beginning; every page is made against it.</param>
/// <param name="After">The last object of the page before.</param>
/// <param name="Aim">What the other one knew at the first page; null before that.</param>
/// <param name="Silences">How often the page has been asked for in vain.</param>
internal sealed record FetchState(IActorRef From, VersionVector Known, ObjectId? After, VersionVector? Aim, int Silences)
{
    /// <summary>After so many the other one is given up: the next comparison begins anew, perhaps with a third.</summary>
    public const int MostSilences = 4;

    public FetchObjects Question => new(Known, After);
}
