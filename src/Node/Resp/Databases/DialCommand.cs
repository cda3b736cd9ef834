using Cluster.Node.Resp.Commands;
using Cluster.Node.Resp.Protocol;

namespace Cluster.Node.Resp.Databases;

/// <summary>
/// CLIENT DIAL: what this connection's commands ask of the storage mode that it is on, as <c>r=1 w=3</c>. Each command carries those settings that its operation takes. SELECT begins without any.
/// </summary>
internal static class DialCommand
{
    public static CommandCall Handle(RespSession session, in RespArguments arguments)
    {
        if (session.OnMode is not { } on)
        {
            return CommandCall.Error("ERR database 0 has no dial: CLIENT CONSISTENCY chooses what its reads may see; SELECT a storage mode first");
        }

        if (arguments.Count == 2)
        {
            return RespValue.Bulk(string.Join(' ', on.Dial.Select(set => $"{set.Key}={set.Value}")));
        }

        if (arguments.Count == 3 && arguments.Is(2, "OFF"u8))
        {
            on.ForgetDial();
            return RespValue.Ok;
        }

        var dial = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 2; i < arguments.Count; i++)
        {
            var text = arguments.Text(i);
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                return CommandCall.Error($"ERR '{text}' is no setting: write NAME=VALUE, or OFF for none");
            }

            if (WhyNot(on.Database, text[..at], text[(at + 1)..]) is { } why)
            {
                return CommandCall.Error("ERR " + why);
            }

            dial[text[..at]] = text[(at + 1)..];
        }

        on.Dial = dial;
        return RespValue.Ok;
    }

    private static string? WhyNot(ModeDatabase database, string name, string value)
    {
        var declared = database.DialOf(name);
        if (declared.Count == 0)
        {
            var names = database.DialNames;
            return $"{database.Words} has no '{name}' to set: {(names.Count == 0 ? "it has no dial" : $"there are {string.Join(", ", names)}")}";
        }

        return declared.Select(argument => argument.WhyNot(value)).FirstOrDefault(why => why is not null);
    }
}
