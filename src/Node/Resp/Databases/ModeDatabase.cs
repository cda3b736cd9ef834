using Cluster.Modes;
using Cluster.Modes.Hosting;
using Cluster.Modes.Storage;

namespace Cluster.Node.Resp.Databases;

/// <summary>A storage mode as a database of Redis clients: <c>SELECT n</c> puts a connection on it.</summary>
internal sealed class ModeDatabase(Mode mode, IModeDoors doors)
{
    /// <summary>What a request carries by itself; every other argument of an operation is the mode's dial.</summary>
    private static readonly string[] OwnArguments = [StorageOperations.Key, StorageOperations.Value, StorageOperations.Expected, StorageOperations.Prefix, StorageOperations.After, StorageOperations.Limit, StorageOperations.Token];

    /// <summary>What commands here ask for: only their arguments are the dial.</summary>
    private readonly IReadOnlyList<ModeOperation> asked =
    [
        .. mode.Parts.Operations.Where(operation => operation.Name is StorageOperations.Get or StorageOperations.Put or StorageOperations.Delete or StorageOperations.CompareAndSet or StorageOperations.Scan),
    ];

    /// <summary>From 1; 0 is the engine's own store.</summary>
    public int Number { get; } = mode.Storage!.Database;

    public string Slug => mode.Slug;

    /// <summary>Whether it tells what a session has seen: then a connection is one, and its commands go one after the other.</summary>
    public bool HasSessions { get; } = mode.Parts.Operations.Any(operation => operation.Arguments.Any(argument => argument.Name == StorageOperations.Token));

    /// <summary>It in words, for errors.</summary>
    public string Words => $"database {Number}, the storage mode {Slug},";

    public bool Has(string operation) => mode.FindOperation(operation) is not null;

    /// <exception cref="ArgumentException">The mode has no such operation: ask <see cref="Has"/> first.</exception>
    public ModeOperation Operation(string name) => mode.FindOperation(name) ?? throw new ArgumentException($"{Slug} has no {name}", nameof(name));

    /// <summary>The arguments of that name that operations take besides what they are about: empty where it is nothing that can be set.</summary>
    public IReadOnlyList<ModeArgument> DialOf(string name) =>
        [.. asked.SelectMany(operation => operation.Arguments).Where(argument => argument.Name == name && !OwnArguments.Contains(name))];

    /// <summary>What can be set, for errors.</summary>
    public IReadOnlyList<string> DialNames => [.. asked.SelectMany(operation => operation.Arguments).Select(argument => argument.Name).Where(name => !OwnArguments.Contains(name)).Distinct()];

    public Task<ModeAnswer> AskAsync(ModeRequest request, bool isRead, CancellationToken cancellation) => doors.AskAsync(Slug, request, isRead, ModeHost.Patience, cancellation);
}
