namespace Cluster.Node.Http;

/// <summary>One HTTP operation as data: its route, what it takes, what it answers, and who does it. Routing, checking and the OpenAPI document come from it.</summary>
internal sealed record ApiOperation(string Method, string Route, string Tag, string Summary, Func<ApiRequest, Task> Handle)
{
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>Type of a JSON body; null for none, or for raw bytes (<see cref="TakesBytes"/>).</summary>
    public Type? Body { get; init; }

    public bool TakesBytes { get; init; }

    /// <summary>Type of the JSON answer; null for none, or for raw bytes or text.</summary>
    public Type? Answer { get; init; }

    /// <summary>What a good answer is, when it is not JSON, or not always: its media type.</summary>
    public string? AnswerMedia { get; init; }

    /// <summary>Status codes besides 200 and 400, with what they mean.</summary>
    public IReadOnlyList<(int Status, string Meaning)> Statuses { get; init; } = [];

    /// <summary>Status of a good answer.</summary>
    public int Success { get; init; } = StatusCodes.Status200OK;

    /// <summary>Whether it is open to all, also where the node has a client token: for those who watch over processes.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether it is on what the cluster keeps for clients: such a request is answered before the node ends, and not taken any more when it is about to.</summary>
    public bool IsOnData => Route.StartsWith("/kv", StringComparison.Ordinal) || Route.StartsWith("/modes/", StringComparison.Ordinal);

    /// <summary>Whether it only says that nothing is there: then it does not matter what is asked of it.</summary>
    public bool IsNothing { get; init; }

    /// <summary>Whether the admin token is asked for, and the operation exists only with <c>--lab</c>.</summary>
    public bool IsAdmin { get; init; }
}
