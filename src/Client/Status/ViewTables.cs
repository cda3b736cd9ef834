using System.Globalization;
using Cluster.Client.Output;
using Cluster.Lab.Surveys;

namespace Cluster.Client.Status;

/// <summary>What each node believes, side by side: first each node in a line, then the shards about whose leader they differ.</summary>
internal static class ViewTables
{
    public static void Write(IReadOnlyList<ViewReport> views)
    {
        var nodes = new Listing("view of", "ready", "epoch", "control leader", "unreachable to it");
        foreach (var view in views)
        {
            if (view.NoAnswer is not null)
            {
                nodes.Add(Format.Plain(view.Node), Format.Bad(view.NoAnswer), "-", "-", "-");
                continue;
            }

            nodes.Add(
                Format.Plain(view.Node),
                view.Ready ? Format.Good("yes") : Format.Doubtful("no: " + view.NotReadyBecause),
                view.Epoch.ToString(CultureInfo.InvariantCulture),
                Format.Plain(view.ControlLeader),
                view.Unreachable.Count == 0 ? "-" : Format.Bad(string.Join(", ", view.Unreachable)));
        }

        nodes.Write();
        WriteLeaders([.. views.Where(view => view.NoAnswer is null)]);
    }

    private static void WriteLeaders(List<ViewReport> views)
    {
        var shards = views.SelectMany(view => view.Leaders.Keys).Distinct().OrderBy(shard => uint.Parse(shard, CultureInfo.InvariantCulture)).ToList();
        var disputed = shards.FindAll(shard => views.Select(view => view.Leaders.GetValueOrDefault(shard)).Distinct().Count() > 1);
        Console.WriteLine();
        if (disputed.Count == 0)
        {
            Console.WriteLine(views.Count == 0 ? "No node answers." : $"All that answer agree on the leader of each of {shards.Count} shards.");
            return;
        }

        Console.WriteLine($"They differ on the leader of {disputed.Count} of {shards.Count} shards:");
        var listing = new Listing(["shard", .. views.Select(view => "says " + view.Node)]);
        foreach (var shard in disputed)
        {
            listing.Add(["s" + shard, .. views.Select(view => view.Leaders.GetValueOrDefault(shard) is { } leader ? Format.Plain(leader) : Format.Bad("none"))]);
        }

        listing.Write();
    }
}
