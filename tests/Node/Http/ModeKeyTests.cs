using System.Net;
using System.Net.Http.Json;
using System.Text;
using Cluster.Node.Tests.Support;
using Cluster.Shared.Results;

namespace Cluster.Node.Tests.Http;

/// <summary>The keys of a storage mode as resources, in front of one that keeps them in a dictionary.</summary>
public sealed class ModeKeyTests
{
    private const string Keys = "/modes/client-server/kv/";

    [Fact]
    public async Task A_key_is_written_read_and_deleted_as_it_is_in_the_engines_own_store()
    {
        await using var doors = await OpenAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(doors, "a")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(doors, "a", "one"));
        using var read = await GetAsync(doors, "a");
        Assert.Equal("one", await read.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("\"1\"", read.Headers.ETag!.Tag);
        Assert.Equal("n1", Assert.Single(read.Headers.GetValues("X-Served-By")));
        Assert.Equal(HttpStatusCode.NoContent, (await doors.Http.DeleteAsync(Keys + "a", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await doors.Http.DeleteAsync(Keys + "a", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Many_writes_go_over_one_connection()
    {
        await using var doors = await OpenAsync();
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(i % 2 == 0 ? HttpStatusCode.NoContent : HttpStatusCode.PreconditionFailed, await PutAsync(doors, i % 2 == 0 ? "a" : "a?expected=none", "one"));
        }
    }

    [Fact]
    public async Task Any_text_is_a_key_and_bytes_that_are_none_are_refused()
    {
        await using var doors = await OpenAsync();

        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(doors, "a%2Fb%20%C3%A4%3F", "ö"));
        Assert.Equal("ö", await doors.Http.GetStringAsync(Keys + "a%2Fb%20%C3%A4%3F", Cancellation));
        Assert.Contains("client-server: put(key=a/b ä?, value=ö)", doors.Modes.Asked);
        Assert.Contains("no UTF-8", await WhyAsync(await GetAsync(doors, "%FF"), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        using var binary = new ByteArrayContent([0xff, 0xfe]);
        Assert.Contains("no UTF-8", await WhyAsync(await doors.Http.PutAsync(Keys + "a", binary, Cancellation), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("at most 65536 bytes", await WhyAsync(await doors.Http.PutAsync(Keys + "a", new StringContent(new string('v', 65537)), Cancellation), HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_are_those_that_a_comparison_of_values_can_keep()
    {
        await using var doors = await OpenAsync();

        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(doors, "a", "one", "If-None-Match", "*"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(doors, "a", "two", "If-None-Match", "*"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(doors, "a?expected=two", "three"));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(doors, "a?expected=one", "three"));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(doors, "a", "four", "If-Match", "\"2\""));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(doors, "a?expected=three", "four", "If-None-Match", "*"));
        Assert.Equal("three", await doors.Http.GetStringAsync(Keys + "a", Cancellation));
    }

    [Fact]
    public async Task What_a_mode_refuses_keeps_its_status_and_unknown_settings_are_refused_before_it_is_asked()
    {
        await using var doors = await OpenAsync();

        Assert.Contains("unknown query parameter 'r': this takes none", await WhyAsync(await GetAsync(doors, "a?r=1"), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Empty(doors.Modes.Asked);
        doors.Modes.Before = _ => Task.FromResult<ClusterError?>(new ClusterError(ErrorCode.Unavailable, "n1 is away"));
        Assert.Equal("n1 is away", await WhyAsync(await GetAsync(doors, "a"), HttpStatusCode.ServiceUnavailable));
        doors.Modes.Before = _ => Task.FromResult<ClusterError?>(new ClusterError(ErrorCode.OutcomeUnknown, "no answer"));
        Assert.Equal(HttpStatusCode.GatewayTimeout, await PutAsync(doors, "a", "one"));
    }

    [Fact]
    public async Task Every_storage_mode_has_its_keys_in_the_description()
    {
        await using var doors = await OpenAsync();
        var description = await doors.Http.GetStringAsync("/openapi/v1.json", Cancellation);

        Assert.All(Modes.ModeCatalog.All.Where(mode => mode.Storage is not null), mode => Assert.Contains($"\"/modes/{mode.Slug}/kv/{{key}}\"", description, StringComparison.Ordinal));
    }

    private static async Task<Doors> OpenAsync()
    {
        var doors = await Doors.OpenAsync();
        doors.Modes.KeepsKeys = true;
        return doors;
    }

    private static Task<HttpResponseMessage> GetAsync(Doors doors, string key) => doors.Http.GetAsync(Keys + key, Cancellation);

    private static async Task<HttpStatusCode> PutAsync(Doors doors, string key, string value, string? header = null, string? condition = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Keys + key) { Content = new StringContent(value, Encoding.UTF8) };
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, condition);
        }

        using var response = await doors.Http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    private static async Task<string> WhyAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<Shared.Http.ErrorView>(Cancellation))!.Message;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
