using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cluster.Lab.Certificates;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Files;
using Cluster.Shared.Http;

namespace Cluster.Lab.Http;

/// <summary>One node's HTTP interface: what it sees, whether it is ready, and (with the admin token) the faults on its links, its disk and its clock, and member changes.</summary>
public sealed partial class NodeApi : IDisposable
{
    private readonly HttpClient http;

    /// <param name="baseUrl">As in cluster.json: <c>http://127.0.0.1:8558</c>.</param>
    /// <param name="timeout">For each request; a paused node takes connections and never answers.</param>
    /// <param name="adminToken">Null: admin requests will be refused.</param>
    /// <param name="trust">By which an https node is verified.</param>
    public NodeApi(string baseUrl, TimeSpan timeout, string? adminToken = null, ClusterTrust? trust = null)
    {
        var address = new Uri(baseUrl);
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false };
        if (trust is not null)
        {
            handler.SslOptions = trust.Options(address.Host);
        }

        http = new HttpClient(handler) { BaseAddress = address, Timeout = timeout };
        if (adminToken is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
        }
    }

    /// <summary>The interface of a node of a cluster file, over TLS where it speaks that.</summary>
    /// <exception cref="LabException">The file of its authority cannot be used.</exception>
    public NodeApi(ClusterFileNode node, TimeSpan timeout, string? adminToken = null)
        : this(node.Http, timeout, adminToken, ClusterTrust.Of(node))
    {
    }

    /// <summary>Whether a failure means that nobody answered, as opposed to an answer that is no.</summary>
    public static bool IsNoAnswer(Exception e) => e is HttpRequestException or TaskCanceledException or TimeoutException or IOException;

    public Task<ClusterView> GetClusterAsync(CancellationToken cancellation) => GetAsync("/cluster", WireJson.Default.ClusterView, cancellation);

    /// <summary>Null when the node is ready; else what it says it waits for.</summary>
    public async Task<string?> GetNotReadyReasonAsync(CancellationToken cancellation)
    {
        using var response = await http.GetAsync("/ready", cancellation).ConfigureAwait(false);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
        {
            return await ReasonAsync(response, cancellation).ConfigureAwait(false);
        }

        var view = await response.Content.ReadFromJsonAsync(WireJson.Default.ReadinessView, cancellation).ConfigureAwait(false);
        return view is { Ready: true } ? null : view?.Because ?? "it does not say why";
    }

    public async Task<IReadOnlyList<LinkFaultView>> GetLinksAsync(CancellationToken cancellation)
    {
        using var response = await http.GetAsync("/admin/links", cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync(WireJson.Default.IReadOnlyListLinkFaultView, cancellation).ConfigureAwait(false) ?? [];
    }

    public Task PutLinksAsync(IReadOnlyList<LinkFaultView> faults, CancellationToken cancellation) =>
        PutAsync("/admin/links", faults, WireJson.Default.IReadOnlyListLinkFaultView, cancellation);

    /// <summary>What the node's disk does wrong.</summary>
    public Task<DiskFaultView> GetDiskAsync(CancellationToken cancellation) => GetAsync("/admin/disk", WireJson.Default.DiskFaultView, cancellation);

    /// <summary>Replaces what the node's disk does wrong.</summary>
    public Task PutDiskAsync(DiskFaultView faults, CancellationToken cancellation) => PutAsync("/admin/disk", faults, WireJson.Default.DiskFaultView, cancellation);

    /// <summary>How the node's clock is wrong.</summary>
    public Task<ClockFaultView> GetClockAsync(CancellationToken cancellation) => GetAsync("/admin/clock", WireJson.Default.ClockFaultView, cancellation);

    /// <summary>Replaces how the node's clock is wrong.</summary>
    public Task PutClockAsync(ClockFaultView faults, CancellationToken cancellation) => PutAsync("/admin/clock", faults, WireJson.Default.ClockFaultView, cancellation);

    /// <summary>What the node finds wrong.</summary>
    public Task<DiagnosisView> DiagnoseAsync(CancellationToken cancellation) => GetAsync("/cluster/diagnosis", WireJson.Default.DiagnosisView, cancellation);

    /// <summary>The moves that are to come, as the node forecasts them.</summary>
    public Task<PlacementPlanView> GetPlanAsync(CancellationToken cancellation) => GetAsync("/cluster/plan", WireJson.Default.PlacementPlanView, cancellation);

    /// <summary>The newest events that the node keeps after a number, oldest first.</summary>
    public async Task<IReadOnlyList<ClusterEventView>> GetEventsAsync(ulong after, int limit, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/events?after={after}&limit={limit}"), cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync(WireJson.Default.IReadOnlyListClusterEventView, cancellation).ConfigureAwait(false) ?? [];
    }

    /// <summary>The node's events after a number (null: from now on) as they happen, until the node ends or the caller has enough. The request's timeout is for the start of the stream only.</summary>
    public async IAsyncEnumerable<ClusterEventView> FollowEventsAsync(ulong? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, after is { } seen ? string.Create(CultureInfo.InvariantCulture, $"/events?after={seen}") : "/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation).ConfigureAwait(false))
        {
            if (item.EventId is { Length: > 0 } && JsonSerializer.Deserialize(item.Data, WireJson.Default.ClusterEventView) is { } told)
            {
                yield return told;
            }
        }
    }

    /// <summary>Whether the node records its messages.</summary>
    public Task<RecordingView> GetRecordingAsync(CancellationToken cancellation) => GetAsync("/admin/recording", WireJson.Default.RecordingView, cancellation);

    /// <summary>Starts or stops the recording of the node's messages; starting it where it is on changes nothing.</summary>
    public async Task<RecordingView> SetRecordingAsync(bool on, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(new RecordingRequest(on), WireJson.Default.RecordingRequest);
        using var response = await http.PutAsync("/admin/recording", content, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync(WireJson.Default.RecordingView, cancellation).ConfigureAwait(false)
            ?? throw new NodeRefusedException(response.StatusCode, "PUT /admin/recording answered null");
    }

    /// <summary>The oldest recorded messages after a number, at most so many.</summary>
    public async Task<IReadOnlyList<MessageRecordView>> GetMessagesAsync(ulong after, int limit, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/admin/recording/messages?after={after}&limit={limit}"), cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        var records = new List<MessageRecordView>();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false));
        while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            records.Add(JsonSerializer.Deserialize(line, WireJson.Default.MessageRecordView) ?? throw new NodeRefusedException(response.StatusCode, "GET /admin/recording/messages answered a line that is null"));
        }

        return records;
    }

    /// <summary>Asks the control plane to move the member's shards away and let it go.</summary>
    public Task LeaveAsync(string member, CancellationToken cancellation) => PostAsync($"/admin/members/{member}/leave", cancellation);

    /// <summary>Declares the member dead. Its replicas are placed elsewhere; it cannot come back on the same data.</summary>
    public Task DownAsync(string member, CancellationToken cancellation) => PostAsync($"/admin/members/{member}/down", cancellation);

    /// <summary>Writes the value if the key's value is the expected one; false if it is another, and then nothing was written.</summary>
    public async Task<bool> CompareAndSetAsync(string key, string? expected, string value, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(new CompareAndSetRequest(expected, value), WireJson.Default.CompareAndSetRequest);
        using var response = await http.PostAsync($"/kv/{Uri.EscapeDataString(key)}/cas", content, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return false;
        }

        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>The modes of this node, with what each can be asked.</summary>
    public Task<IReadOnlyList<ModeView>> GetModesAsync(CancellationToken cancellation) => GetAsync("/modes", WireJson.Default.IReadOnlyListModeView, cancellation);

    /// <summary>Asks a mode on this node.</summary>
    /// <returns>Its answer, as JSON.</returns>
    /// <exception cref="NodeRefusedException">It refused, and says why.</exception>
    public async Task<string> CallModeAsync(ModeCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var path = $"/modes/{call.Mode}/{call.Operation}";
        var given = call.Arguments.Where(argument => argument.Value is not null).ToDictionary(argument => argument.Name, argument => argument.Value!);
        using var request = call.IsRead
            ? new HttpRequestMessage(HttpMethod.Get, given.Count == 0 ? path : $"{path}?{string.Join('&', given.Select(argument => $"{argument.Key}={Uri.EscapeDataString(argument.Value)}"))}")
            : new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(given, WireJson.Default.IReadOnlyDictionaryStringString) };
        using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        return await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Publishes a message to a topic's subscribers at all nodes.</summary>
    /// <param name="toOneOfEachGroup">To one subscriber of each of the topic's groups instead.</param>
    public async Task<PublishView> PublishAsync(string topic, string message, bool toOneOfEachGroup, CancellationToken cancellation)
    {
        using var content = new StringContent(message);
        using var response = await http.PostAsync($"/topics/{Uri.EscapeDataString(topic)}{(toOneOfEachGroup ? "?to=group" : "")}", content, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync(WireJson.Default.PublishView, cancellation).ConfigureAwait(false)
            ?? throw new NodeRefusedException(response.StatusCode, "POST /topics answered null");
    }

    /// <summary>Topics, patterns and sharded topics that have subscribers at any node, as this one knows.</summary>
    /// <param name="match">Names that match this glob; null for all.</param>
    public async Task<IReadOnlyList<TopicView>> GetTopicsAsync(string? match, CancellationToken cancellation)
    {
        var topics = new List<TopicView>();
        foreach (var kind in new[] { "topic", "pattern", "sharded" })
        {
            topics.AddRange(await GetAsync($"/topics?limit=10000&kind={kind}{(match is null ? "" : $"&match={Uri.EscapeDataString(match)}")}", WireJson.Default.IReadOnlyListTopicView, cancellation).ConfigureAwait(false));
        }

        return topics;
    }

    /// <summary>What is published from now on to a topic, or to all that match a pattern, until cancelled. Ends when the node ends, or when this reader was too slow.</summary>
    public async IAsyncEnumerable<TopicMessageView> FollowTopicAsync(string topic, bool isPattern, string? group, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var name = Uri.EscapeDataString(topic);
        var path = isPattern ? $"/topics/events?pattern={name}" : $"/topics/{name}/events{(group is null ? "" : $"?group={Uri.EscapeDataString(group)}")}";
        using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellation).ConfigureAwait(false))
        {
            if (item.EventType == "message" && JsonSerializer.Deserialize(item.Data, WireJson.Default.TopicMessageView) is { } message)
            {
                yield return message;
            }
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(path, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync(type, cancellation).ConfigureAwait(false) ?? throw new NodeRefusedException(response.StatusCode, $"GET {path} answered null");
    }

    private async Task PutAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(body, type);
        using var response = await http.PutAsync(path, content, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
    }

    private async Task PostAsync(string path, CancellationToken cancellation)
    {
        using var response = await http.PostAsync(path, null, cancellation).ConfigureAwait(false);
        await ThrowIfRefusedAsync(response, cancellation).ConfigureAwait(false);
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new NodeRefusedException(response.StatusCode, await ReasonAsync(response, cancellation).ConfigureAwait(false));
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (JsonSerializer.Deserialize(body, WireJson.Default.ErrorView) is { Message: { Length: > 0 } message })
            {
                return message;
            }
        }
        catch (JsonException)
        {
            // Not a node's own error body: its text will have to do.
        }

        return body.Length is > 0 and < 500 ? body.Trim() : $"HTTP {(int)response.StatusCode}";
    }
}
