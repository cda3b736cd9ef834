using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using Cluster.Client.Nodes;
using Cluster.Lab;
using Cluster.Lab.Resp;
using Cluster.Shared.Files;

namespace Cluster.Client.Verbs;

/// <summary>One Redis command to one node, for where redis-cli is not at hand, as in the client container. Prints the reply as redis-cli does.</summary>
internal sealed class RedisVerb : Verb
{
    /// <summary>A node answers within its own deadline; a paused one never does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Argument<string[]> words = new("COMMAND") { Description = "A Redis command and its arguments; write -- before one that begins with a dash", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> node = new("--node") { Description = "The node to ask (default: the first that takes the connection)", HelpName = "NODE" };
    private readonly TargetOptions target = new();

    public RedisVerb()
        : base("redis", "Send one Redis command to a node and print the reply")
    {
        Add(words);
        Add(node);
        target.AddTo(this);
        SetAction(RunAsync);
    }

    public override IReadOnlyList<string> Examples => ["lab redis set greeting hello", "lab redis --node n2 get greeting"];

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var cluster = await target.OpenAsync(parsed, cancellation).ConfigureAwait(false);
        var named = parsed.GetValue(node);
        IReadOnlyList<ClusterFileNode> doors = named is null ? cluster.Nodes : [cluster.Node(NodeChoice.Check(cluster, named))];
        await using var client = await ConnectAsync(doors, cancellation).ConfigureAwait(false);
        try
        {
            var reply = await client.SendAsync(cancellation, parsed.GetValue(words)!).WaitAsync(Patience, TimeProvider.System, cancellation).ConfigureAwait(false);
            Console.WriteLine(Text(reply));
            return reply.IsError ? ExitCodes.Failed : ExitCodes.Ok;
        }
        catch (TimeoutException)
        {
            throw new LabException($"no reply within {Patience.TotalSeconds:0} s; whether the command took effect is unknown");
        }
    }

    private static async Task<RespClient> ConnectAsync(IReadOnlyList<ClusterFileNode> doors, CancellationToken cancellation)
    {
        var last = "";
        foreach (var door in doors)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                return await RespClient.ConnectAsync(door, patience.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                last = $"{door.Name} ({door.Resp}): {e.Message}";
            }
        }

        throw new LabException($"no node takes a connection; {last}");
    }

    private static string Text(RespValue reply, string indent = "")
    {
        if (reply.Kind != RespKind.Array)
        {
            return reply.Kind switch
            {
                RespKind.Null => "(nil)",
                RespKind.Number => "(integer) " + reply.Text,
                RespKind.Error => "(error) " + reply.Text,
                _ => reply.Text!,
            };
        }

        if (reply.Items is not { Count: > 0 } items)
        {
            return "(empty array)";
        }

        var lines = new StringBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            var label = $"{i + 1}) ";
            lines.Append(i == 0 ? "" : "\n" + indent).Append(label).Append(Text(items[i], indent + new string(' ', label.Length)));
        }

        return lines.ToString();
    }
}
