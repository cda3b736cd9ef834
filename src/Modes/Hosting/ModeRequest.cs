using System.Globalization;

namespace Cluster.Modes.Hosting;

/// <summary>What a mode's actor is asked by a client of this node. It comes from <see cref="ModeOperation.TryRead"/> only, so every argument has been checked.</summary>
public sealed class ModeRequest
{
    private readonly IReadOnlyDictionary<string, string> arguments;

    internal ModeRequest(string operation, IReadOnlyDictionary<string, string> arguments) => (Operation, this.arguments) = (operation, arguments);

    public string Operation { get; }

    /// <exception cref="KeyNotFoundException">The operation declares no such argument, or it may be left out and was.</exception>
    public string Text(string name) => arguments[name];

    /// <inheritdoc cref="Text"/>
    public long Number(string name) => long.Parse(arguments[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Text"/>
    public TimeSpan Duration(string name) => ModeArgument.TryReadDuration(arguments[name], out var span) ? span : throw new FormatException($"{name} is no time");

    /// <summary>An argument that may be left out; null when it was.</summary>
    public string? Find(string name) => arguments.GetValueOrDefault(name);

    public override string ToString() => $"{Operation}({string.Join(", ", arguments.Select(argument => $"{argument.Key}={argument.Value}"))})";
}
