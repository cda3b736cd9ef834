using System.Text.Json;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;
using Cluster.Shared.Results;

namespace Cluster.Node.Resp.Databases;

/// <summary>A connection on the database of a storage mode, from SELECT on: its dial, and what the mode has told it of its session. Its dial changes on the connection's reading turn.</summary>
internal sealed class ModeConnection(ModeDatabase database, RespServer server)
{
    private static readonly IReadOnlyDictionary<string, string> NoDial = new Dictionary<string, string>();

    /// <summary>Changed by one command at a time: where there are sessions, commands go one after the other.</summary>
    private string? token;

    public ModeDatabase Database => database;

    public RespServer Server => server;

    /// <summary>What each request carries besides what it is about, where its operation takes it; replaced, never changed, so that a command keeps the one that held when it was sent.</summary>
    public IReadOnlyDictionary<string, string> Dial { get; set; } = NoDial;

    public void ForgetDial() => Dial = NoDial;

    /// <summary>Asks the mode. Whatever goes wrong is an answer.</summary>
    /// <param name="dial">As it was when the command was sent.</param>
    public async Task<ModeAnswer> AskAsync(string operation, IReadOnlyDictionary<string, string> dial, CancellationToken cancellation, params (string Name, string Value)[] arguments)
    {
        var asked = database.Operation(operation);
        var sent = arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal);
        foreach (var declared in asked.Arguments)
        {
            if ((declared.Name == StorageOperations.Token ? token : dial.GetValueOrDefault(declared.Name)) is { } set)
            {
                sent[declared.Name] = set;
            }
        }

        if (!asked.TryRead(sent, out var request, out var wrong))
        {
            return ModeAnswer.Failed(wrong);
        }

        try
        {
            var answer = await database.AskAsync(request, asked.IsRead, cancellation).ConfigureAwait(false);
            Remember(answer);
            return answer;
        }
        catch (OperationCanceledException)
        {
            return ModeAnswer.Failed(new ClusterError(ErrorCode.OutcomeUnknown, "the connection or the node is being closed"));
        }
    }

    private void Remember(ModeAnswer answer)
    {
        if (!database.HasSessions || answer.Json is null)
        {
            return;
        }

        using var read = JsonDocument.Parse(answer.Json);
        if (read.RootElement.TryGetProperty(StorageOperations.Token, out var told))
        {
            token = told.GetString() ?? token;
        }
    }
}
