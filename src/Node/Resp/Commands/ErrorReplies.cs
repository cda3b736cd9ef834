using System.Globalization;
using System.Text;
using Cluster.Node.Resp.Protocol;
using Cluster.Shared.Results;
using Cluster.Shared.Wire;

namespace Cluster.Node.Resp.Commands;

/// <summary>Error texts. Where Redis has one it is Redis's, so that client libraries know it; a cluster's own failures get a code that says what may be concluded.</summary>
internal static class ErrorReplies
{
    public const string Syntax = "ERR syntax error";
    public const string NotAnInteger = "ERR value is not an integer or out of range";
    public const string Overflow = "ERR increment or decrement would overflow";
    public const string CrossSlot = "CROSSSLOT Keys in request don't hash to the same slot";
    public const string NoSuchKey = "ERR no such key";
    public const string AuthRequired = "NOAUTH Authentication required.";

    /// <summary>Characters of what a client sent that an error quotes.</summary>
    private const int MaxQuoted = 128;

    public static string WrongArity(string command) => $"ERR wrong number of arguments for '{command}' command";

    /// <summary>Redis's words, with as much of the arguments as Redis shows.</summary>
    /// <param name="container">The command there is, when it is its subcommand that there is not.</param>
    public static string Unknown(in RespArguments arguments, string? container)
    {
        if (container is not null)
        {
            return $"ERR unknown subcommand '{Shortened(arguments[1], MaxQuoted)}'. Try {container.ToUpperInvariant()} HELP.";
        }

        var words = new StringBuilder();
        for (var i = 1; i < arguments.Count && words.Length < MaxQuoted; i++)
        {
            words.Append(CultureInfo.InvariantCulture, $"'{Shortened(arguments[i], MaxQuoted - words.Length)}' ");
        }

        return $"ERR unknown command '{Shortened(arguments[0], MaxQuoted)}', with args beginning with: {words}";
    }

    public static string InvalidExpiry(string command) => $"ERR invalid expire time in '{command}' command";

    /// <summary>The store could not be asked, or did not answer.</summary>
    public static string For(ClusterError error) => error.Code switch
    {
        ErrorCode.Unavailable or ErrorCode.NotLeader => "CLUSTERDOWN " + error.Message,
        ErrorCode.OutcomeUnknown => "UNKNOWN outcome unknown: " + error.Message,
        ErrorCode.Overloaded => "BUSY " + error.Message,
        ErrorCode.StorageUnavailable => "MISCONF " + error.Message,
        ErrorCode.Forbidden => "NOPERM " + error.Message,
        _ => "ERR " + error.Message,
    };

    /// <summary>The store refused; null when the reply is one for the command's own format.</summary>
    public static string? For(KvReply reply) => reply.Status switch
    {
        KvStatus.Ok or KvStatus.NotFound or KvStatus.ConditionFailed => null,
        KvStatus.NotAnInteger => NotAnInteger,
        KvStatus.Overflow => Overflow,
        KvStatus.NotAFloat => "ERR value is not a valid float",
        KvStatus.NotFinite => "ERR increment would produce NaN or Infinity",
        KvStatus.TooLarge => "ERR " + (reply.Detail.Length > 0 ? reply.Detail : "string exceeds maximum allowed size"),
        _ => "ERR " + (reply.Detail.Length > 0 ? reply.Detail : "the store refused the command"),
    };

    private static string Shortened(ReadOnlySpan<byte> text, int most) => Encoding.UTF8.GetString(text[..Math.Min(most, text.Length)]);
}
