using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Cluster.Lab.Compose;

/// <summary>
/// The Docker Engine's own API, where its command line finds it: DOCKER_HOST, else the usual socket. Spoken directly, because the command line costs a process
/// of its own for each question, and a measured kill should not wait for one.
/// </summary>
internal sealed class DockerEngine : IDisposable
{
    private const string UsualSocket = "/var/run/docker.sock";

    /// <summary>Stopping waits for the container's grace period; everything else takes milliseconds.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient http;
    private readonly string where;

    private DockerEngine(string where, Func<CancellationToken, Task<Socket>> connect)
    {
        this.where = where;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) => new NetworkStream(await connect(cancellation).ConfigureAwait(false), ownsSocket: true),
        };
        http = new HttpClient(handler) { BaseAddress = new Uri("http://docker"), Timeout = Timeout };
    }

    /// <exception cref="LabException">DOCKER_HOST is of a kind that is not supported here.</exception>
    public static DockerEngine Open()
    {
        var named = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host : "unix://" + UsualSocket;
        if (named.StartsWith("unix://", StringComparison.Ordinal))
        {
            var path = named["unix://".Length..];
            return new DockerEngine(path, cancellation => ConnectAsync(AddressFamily.Unix, ProtocolType.Unspecified, new UnixDomainSocketEndPoint(path), cancellation));
        }

        if (named.StartsWith("tcp://", StringComparison.Ordinal) && Uri.TryCreate(named, UriKind.Absolute, out var uri))
        {
            return new DockerEngine(named, cancellation => ConnectAsync(AddressFamily.Unspecified, ProtocolType.Tcp, new DnsEndPoint(uri.Host, uri.Port < 0 ? 2375 : uri.Port), cancellation));
        }

        throw new LabException($"DOCKER_HOST is '{named}': this console speaks to an engine by unix:// or tcp:// only");
    }

    /// <exception cref="LabException">No engine answers, or it refuses.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellation).ConfigureAwait(false);
        return await ReadAsync(response, path, type, cancellation).ConfigureAwait(false);
    }

    /// <returns>False: nothing to do, it is in that state already.</returns>
    /// <exception cref="LabException">No engine answers, or it refuses for another reason.</exception>
    public async Task<bool> PostAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Post, path, null, cancellation, HttpStatusCode.NotModified, HttpStatusCode.Conflict).ConfigureAwait(false);
        return response.IsSuccessStatusCode;
    }

    /// <exception cref="LabException">No engine answers, or it refuses.</exception>
    public async Task PostAsync<TBody>(string path, TBody body, JsonTypeInfo<TBody> type, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(body, type);
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellation).ConfigureAwait(false);
    }

    /// <exception cref="LabException">No engine answers, or it refuses.</exception>
    public async Task<TAnswer> PostAsync<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> type, JsonTypeInfo<TAnswer> answer, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(body, type);
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellation).ConfigureAwait(false);
        return await ReadAsync(response, path, answer, cancellation).ConfigureAwait(false);
    }

    public async Task<TAnswer> PostAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answer, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Post, path, null, cancellation).ConfigureAwait(false);
        return await ReadAsync(response, path, answer, cancellation).ConfigureAwait(false);
    }

    public async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Delete, path, null, cancellation).ConfigureAwait(false);
    }

    /// <summary>The bytes of an answer that is no JSON.</summary>
    public async Task<byte[]> GetBytesAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellation).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
    }

    public void Dispose() => http.Dispose();

    private static async Task<Socket> ConnectAsync(AddressFamily family, ProtocolType protocol, EndPoint to, CancellationToken cancellation)
    {
        var socket = family == AddressFamily.Unspecified ? new Socket(SocketType.Stream, protocol) : new Socket(family, SocketType.Stream, protocol);
        try
        {
            await socket.ConnectAsync(to, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellation).ConfigureAwait(false) ?? throw new JsonException("it is null");
        }
        catch (JsonException unreadable)
        {
            throw new LabException($"the Docker engine's answer to {path} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation, params HttpStatusCode[] allowed)
    {
        HttpResponseMessage response;
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (Exception nobody) when (nobody is HttpRequestException || (nobody is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new LabException($"no Docker engine answers at {where}: {nobody.GetBaseException().Message}", nobody);
        }

        if (response.IsSuccessStatusCode || Array.IndexOf(allowed, response.StatusCode) >= 0)
        {
            return response;
        }

        using (response)
        {
            var error = await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            throw new LabException($"the Docker engine refuses: {MessageOf(error)}");
        }
    }

    private static string MessageOf(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, DockerJson.Default.EngineError)?.Message ?? body;
        }
        catch (JsonException)
        {
            return body;
        }
    }
}
