using System.Globalization;
using Cluster.Client.Output;
using Cluster.Lab.Surveys;
using Cluster.Shared.Http;
using Spectre.Console;

namespace Cluster.Client.Status;

/// <summary>A status report for people: members, shards, faults, and with all views what each node believes, side by side where they differ.</summary>
internal static class StatusTables
{
    /// <summary>More shards than this would push the members off the screen.</summary>
    private const int ShardsShown = 32;

    public static void Write(StatusReport report)
    {
        var terminal = Terminal.Console;
        var asked = report.Asked is null ? Format.Bad("no node answers") : $"as {report.Asked} sees it, epoch {report.Epoch}, control plane led by {Format.Plain(report.ControlLeader)}";
        terminal.MarkupLine($"cluster [bold]{Markup.Escape(report.Name)}[/]: {asked}");
        Console.WriteLine();
        WriteMembers(report);
        if (report.Shards.Count > 0)
        {
            Console.WriteLine();
            WriteShards(report);
        }

        WriteSingletons(report);
        WriteFaults(report);
        if (report.Views is not null)
        {
            Console.WriteLine();
            ViewTables.Write(report.Views);
        }
        else if (!report.Agree)
        {
            Console.WriteLine();
            terminal.MarkupLine(Format.Doubtful("The nodes do not see the same: 'lab cluster show --all-views' shows them side by side."));
        }
    }

    private static void WriteSingletons(StatusReport report)
    {
        if (report.Singletons.Count == 0)
        {
            return;
        }

        Console.WriteLine();
        var listing = new Listing("singleton", "node", "epoch");
        foreach (var singleton in report.Singletons)
        {
            listing.Add(Format.Plain(singleton.Name), Format.Plain(singleton.Node), singleton.Epoch.ToString(CultureInfo.InvariantCulture));
        }

        listing.Write();
    }

    private static void WriteMembers(StatusReport report)
    {
        var listing = new Listing("node", "process", "pid", "status", "reachable", "phi", "leads", "replicas", "redis", "http", "remoting");
        foreach (var member in report.Members)
        {
            listing.Add(
                Format.Plain(member.Name),
                member.Process switch { "running" => Format.Good("running"), "paused" => Format.Doubtful("paused"), "dead" => Format.Bad("dead"), _ => "-" },
                Number(member.Pid),
                member.Status switch { "up" => Format.Good("up"), null => "-", "down" or "removed" => Format.Bad(member.Status), _ => Format.Doubtful(member.Status) },
                member.Reachable switch { true => Format.Good("yes"), false => Format.Bad("no"), null => "-" },
                member.Phi?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-",
                Number(member.LeaderOf),
                Number(member.ReplicaOf),
                Format.Plain(member.Resp),
                Format.Plain(member.Http),
                Format.Plain(member.Remoting));
        }

        listing.Write();
    }

    private static void WriteShards(StatusReport report)
    {
        var listing = new Listing("shard", "slots", "leader", "term", "commit", "voters", "learners");
        foreach (var shard in report.Shards.OrderBy(shard => shard.Shard).Take(ShardsShown))
        {
            listing.Add(
                ShardName(shard),
                shard.FirstSlot < 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{shard.FirstSlot}-{shard.LastSlot}"),
                shard.Leader is null ? Format.Bad("none") : Format.Plain(shard.Leader),
                shard.Term == 0 ? "-" : Number(shard.Term),
                shard.Commit == 0 ? "-" : Number(shard.Commit),
                Format.Plain(string.Join(",", shard.Voters)),
                shard.Learners.Count == 0 ? "-" : Format.Plain(string.Join(",", shard.Learners)));
        }

        listing.Write();
        if (report.Shards.Count > ShardsShown)
        {
            Console.WriteLine($"... and {report.Shards.Count - ShardsShown} more: -o json shows all");
        }
    }

    private static void WriteFaults(StatusReport report)
    {
        if (report.Faults.Count == 0)
        {
            return;
        }

        Console.WriteLine();
        var listing = new Listing("faulty link", "fault");
        foreach (var (from, fault) in report.Faults)
        {
            listing.Add(Format.Plain($"{from} -> {fault.To}"), Format.Doubtful(Describe(fault)));
        }

        listing.Write();
    }

    private static string Describe(LinkFaultView fault)
    {
        var parts = new List<string>();
        void Say(bool when, FormattableString text)
        {
            if (when)
            {
                parts.Add(FormattableString.Invariant(text));
            }
        }

        Say(fault.Cut, $"cut");
        Say(fault.DelayMs > 0, $"delay {fault.DelayMs} ms");
        Say(fault.JitterMs > 0, $"jitter {fault.JitterMs} ms");
        Say(fault.LossPercent > 0, $"loss {fault.LossPercent}%");
        Say(fault.DuplicatePercent > 0, $"duplicate {fault.DuplicatePercent}%");
        Say(fault.ReorderPercent > 0, $"reorder {fault.ReorderPercent}%");
        Say(fault.BytesPerSecond > 0, $"at most {fault.BytesPerSecond} bytes/s");
        return string.Join(", ", parts);
    }

    private static string ShardName(ShardView shard) => shard.Shard == 0 ? "control" : "s" + Number(shard.Shard);

    private static string Number(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? "-";
}
