using System.Globalization;
using Cluster.Client.Output;
using Cluster.Shared.Http;
using Spectre.Console;

namespace Cluster.Client.Events;

/// <summary>Events for people, a line each. What several nodes tell (a member is up, a shard has a leader) is shown once, as the first of them told it.</summary>
/// <param name="repeats">Show every node's word, and whose it is.</param>
internal sealed class EventLines(bool repeats)
{
    /// <summary>The same words again after so long are another event: a node that was lost and heard twice.</summary>
    private static readonly TimeSpan SameEvent = TimeSpan.FromSeconds(10);

    private const int RememberedMost = 4_096;

    private readonly Dictionary<string, (DateTimeOffset At, string Node)> shown = [];

    /// <summary>The line as markup; null when another node has said it already.</summary>
    public string? Show(ClusterEventView told)
    {
        var what = WhatHappened(told);
        if (!repeats && shown.TryGetValue(what, out var before) && before.Node != told.Node && (told.At - before.At).Duration() < SameEvent)
        {
            return null;
        }

        if (shown.Count >= RememberedMost)
        {
            shown.Clear();
        }

        shown[what] = (told.At, told.Node);
        var time = told.At.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var teller = repeats ? $"{told.Node,-6} " : "";
        return $"[grey]{time}[/]  {Markup.Escape(teller)}{Coloured(told)}";
    }

    /// <summary>The same for all who tell it, whatever their words.</summary>
    private static string WhatHappened(ClusterEventView told) => told.Kind switch
    {
        ClusterEventKind.LeaderChanged => $"{told.Shard} {told.Leader}",
        ClusterEventKind.ReachabilityChanged => $"{told.Member} {told.Reachable}",
        _ => told.Text,
    };

    private static string Coloured(ClusterEventView told)
    {
        var words = $"{told.Mode ?? Word(told.Kind),-9}  {told.Text}";
        return told switch
        {
            { Kind: ClusterEventKind.ReachabilityChanged, Reachable: false } or { Kind: ClusterEventKind.EntriesMissing } or { Kind: ClusterEventKind.LeaderChanged, Leader: null } => Format.Bad(words),
            { Kind: ClusterEventKind.StorageChanged } or { Status: "leaving" or "exiting" or "down" or "removed" } or { Move.Outcome: MoveOutcome.GivenUp } => Format.Doubtful(words),
            { Status: "up" } or { Reachable: true } or { Move: { Kind: MoveKind.AddReplica, Outcome: MoveOutcome.Done } } => Format.Good(words),
            _ => Format.Plain(words),
        };
    }

    private static string Word(ClusterEventKind kind) => kind switch
    {
        ClusterEventKind.MemberChanged => "member",
        ClusterEventKind.ReachabilityChanged => "reachable",
        ClusterEventKind.LeaderChanged => "leader",
        ClusterEventKind.ShardPlaced => "placed",
        ClusterEventKind.MoveStarted => "move",
        ClusterEventKind.MoveEnded => "moved",
        ClusterEventKind.ReplicaDropped => "dropped",
        ClusterEventKind.EntriesMissing => "missing",
        ClusterEventKind.StorageChanged => "disk",
        ClusterEventKind.ModeChanged => "mode",
        _ => kind.ToString(),
    };
}
