using System.Diagnostics.CodeAnalysis;
using Cluster.Shared.Http;
using Cluster.Shared.Results;

namespace Cluster.Modes.Hosting;

/// <summary>
/// One thing that a mode can be asked, as data: the route <c>/modes/SLUG/NAME</c> with its OpenAPI description, the console's <c>lab mode SLUG NAME</c>, and what a lab's
/// clients call are all made from it.
/// </summary>
/// <param name="Name">Lower case, words joined by hyphens.</param>
/// <param name="Summary">What it does, and what it answers, in a sentence.</param>
public sealed record ModeOperation(string Name, string Summary)
{
    public IReadOnlyList<ModeArgument> Arguments { get; init; } = [];

    /// <summary>Whether it only asks: a GET over HTTP; with no answer in time, nothing has changed.</summary>
    public bool IsRead { get; init; }

    public ModeOperationView View => new(Name, Summary, IsRead, [.. Arguments.Select(argument => argument.View)]);

    /// <summary>Checks what was sent. What passes here is within the bounds of every argument.</summary>
    /// <param name="sent">By the arguments' names.</param>
    /// <param name="request">What the mode's actor is to be asked.</param>
    /// <param name="error">What is wrong, and what is allowed.</param>
    public bool TryRead(IReadOnlyDictionary<string, string> sent, [NotNullWhen(true)] out ModeRequest? request, [NotNullWhen(false)] out ClusterError? error)
    {
        ArgumentNullException.ThrowIfNull(sent);
        request = null;
        error = null;
        if (sent.Keys.FirstOrDefault(name => Arguments.All(argument => argument.Name != name)) is { } unknown)
        {
            error = Bad($"unknown argument '{ModeArgument.Shown(unknown)}': {Name} takes {(Arguments.Count == 0 ? "none" : string.Join(", ", Arguments.Select(argument => argument.Name)))}");
            return false;
        }

        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in Arguments)
        {
            if ((sent.GetValueOrDefault(argument.Name) ?? argument.Default) is { } text)
            {
                if (argument.WhyNot(text) is { } why)
                {
                    error = Bad(why);
                    return false;
                }

                read.Add(argument.Name, text);
            }
            else if (!argument.IsOptional)
            {
                error = Bad($"{Name} needs {argument.Name}: {argument.Summary}");
                return false;
            }
        }

        request = new ModeRequest(Name, read);
        return true;
    }

    private static ClusterError Bad(string why) => new(ErrorCode.BadRequest, why);
}
