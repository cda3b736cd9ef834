using Cluster.Lab.Histories;

namespace Cluster.Lab.Checkers.PubSub;

/// <summary>A message as a subscription was given it.</summary>
/// <param name="Number">The subscription's own.</param>
/// <param name="Told">The first answer that had it.</param>
internal sealed record HeardMessage(long Number, string Topic, string Message, Operation Told)
{
    public bool IsSame(HeardMessage other) => Topic == other.Topic && Message == other.Message;
}
