namespace Cluster.Engine.Port;

/// <summary>To the mediator: tell a message to those who subscribe to its topic. Not answered.</summary>
/// <param name="SendOneMessageToEachGroup">To one subscriber of each group of the topic instead of all subscribers without a group.</param>
public sealed record Publish(string Topic, object Message, bool SendOneMessageToEachGroup = false);
