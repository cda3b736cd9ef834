using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Cluster.Node.Tests.Support;
using Cluster.Shared.Http;

namespace Cluster.Node.Tests.Http;

/// <summary>The node over HTTP: its view, its health, its admin operations, and the document that describes all of it.</summary>
public sealed class NodeTests
{
    [Fact]
    public async Task The_cluster_is_told_as_this_node_sees_it()
    {
        await using var doors = await Doors.OpenAsync();
        var view = await doors.Http.GetFromJsonAsync<ClusterView>("/cluster");
        Assert.Equal(("lab", "n1", 7UL), (view!.Name, view.Self, view.Epoch));
        Assert.Equal("n1", Assert.Single((await doors.Http.GetFromJsonAsync<MemberView[]>("/cluster/members"))!).Name);
        Assert.Equal([1U, 2U], (await doors.Http.GetFromJsonAsync<ShardView[]>("/shards"))!.Select(shard => shard.Shard));
    }

    [Fact]
    public async Task Findings_and_planned_moves_are_told_with_their_kinds_in_words()
    {
        await using var doors = await Doors.OpenAsync();
        var finding = (await doors.Http.GetFromJsonAsync<JsonElement>("/cluster/diagnosis")).GetProperty("findings")[0];
        Assert.Equal(("Error", "shard-without-leader"), (finding.GetProperty("severity").GetString(), finding.GetProperty("code").GetString()));
        var move = (await doors.Http.GetFromJsonAsync<JsonElement>("/cluster/plan")).GetProperty("moves")[0];
        Assert.Equal(("AddReplica", "n1"), (move.GetProperty("kind").GetString(), move.GetProperty("to").GetString()));
    }

    [Fact]
    public async Task A_node_that_is_not_ready_says_why_and_is_alive()
    {
        await using var doors = await Doors.OpenAsync();
        Assert.Equal(HttpStatusCode.OK, (await doors.Http.GetAsync("/ready")).StatusCode);
        doors.Status.NotReadyBecause = "still joining";
        var ready = await doors.Http.GetAsync("/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(new ReadinessView("n1", false, "still joining"), await ready.Content.ReadFromJsonAsync<ReadinessView>());
        Assert.Equal(HttpStatusCode.OK, (await doors.Http.GetAsync("/alive")).StatusCode);
    }

    [Theory]
    [InlineData("GET", "/admin/links")]
    [InlineData("PUT", "/admin/links")]
    [InlineData("GET", "/admin/recording")]
    [InlineData("PUT", "/admin/recording")]
    [InlineData("GET", "/admin/recording/messages")]
    [InlineData("GET", "/admin/disk")]
    [InlineData("PUT", "/admin/disk")]
    [InlineData("GET", "/admin/clock")]
    [InlineData("PUT", "/admin/clock")]
    [InlineData("POST", "/admin/members/n1/leave")]
    [InlineData("POST", "/admin/members/n1/down")]
    [InlineData("POST", "/admin/shutdown")]
    public async Task Admin_is_absent_without_lab_and_closed_without_the_token(string method, string path)
    {
        await using (var plain = await Doors.OpenAsync())
        {
            await KeyValueTests.AssertErrorAsync(
                await plain.AdminAsync(new HttpMethod(method), path), HttpStatusCode.NotFound, "NotFound", $"there is no {path}: admin operations exist only on a node started with --lab");
        }

        await using var lab = await Doors.OpenAsync(lab: true);
        foreach (var token in new[] { null, "", "wrong", Doors.Token + "x", Doors.Token[..^1] })
        {
            var response = await lab.AdminAsync(new HttpMethod(method), path, new StringContent("[]"), token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        }

        Assert.Empty(lab.Status.Asked);
        Assert.False(lab.Status.Stopped.Task.IsCompleted);
        Assert.Empty(lab.Status.LinkFaults);
    }

    [Fact]
    public async Task Admin_switches_recording_and_reads_messages_a_line_each_after_a_number()
    {
        await using var doors = await Doors.OpenAsync(lab: true);
        var set = await doors.AdminAsync(HttpMethod.Put, "/admin/recording", JsonContent.Create(new RecordingRequest(true)));
        Assert.True((await set.Content.ReadFromJsonAsync<RecordingView>())!.On);
        Assert.True((await (await doors.AdminAsync(HttpMethod.Get, "/admin/recording")).Content.ReadFromJsonAsync<RecordingView>())!.On);
        doors.Status.Messages.AddRange(Enumerable.Range(1, 3000).Select(i => new MessageRecordView((ulong)i, "n1", "n2", "Actor", "Interactive", 3, [new MessagePartView("Actor", "line\nbreak", 3)]) { SentAt = i }));

        var read = await doors.AdminAsync(HttpMethod.Get, "/admin/recording/messages?after=10&limit=2000");

        Assert.Equal("application/x-ndjson", read.Content.Headers.ContentType!.MediaType);
        var lines = (await read.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(11, 2000), lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt32()));
        Assert.DoesNotContain("receivedAt", lines[0], StringComparison.Ordinal);
        foreach (var wrong in new[] { "?after=-1", "?limit=0", "?limit=20001", "?since=3" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await doors.AdminAsync(HttpMethod.Get, "/admin/recording/messages" + wrong)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await doors.AdminAsync(HttpMethod.Put, "/admin/recording", new StringContent("{}", Encoding.UTF8, "application/json"))).StatusCode);
    }

    [Fact]
    public async Task Admin_sets_link_faults_and_refuses_impossible_ones()
    {
        await using var doors = await Doors.OpenAsync(lab: true);
        var set = await doors.AdminAsync(HttpMethod.Put, "/admin/links", JsonContent.Create(new[] { new LinkFaultView("n2", Cut: true), new LinkFaultView("n3", DelayMs: 50, LossPercent: 10) }));
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal(2, doors.Status.LinkFaults.Count);
        var got = await doors.AdminAsync(HttpMethod.Get, "/admin/links");
        Assert.Equal(new LinkFaultView("n2", Cut: true), (await got.Content.ReadFromJsonAsync<LinkFaultView[]>())![0]);
        foreach (var (fault, message) in new[]
        {
            (new LinkFaultView(""), "fault to '': 'to' names no node"),
            (new LinkFaultView("n2", DelayMs: 60_001), "fault to 'n2': delayMs and jitterMs are from 0 to 60000"),
            (new LinkFaultView("n2", LossPercent: 101), "fault to 'n2': percentages are from 0 to 100"),
            (new LinkFaultView("n2", BytesPerSecond: -1), "fault to 'n2': bytesPerSecond is 0 (no throttle) or more"),
        })
        {
            await KeyValueTests.AssertErrorAsync(await doors.AdminAsync(HttpMethod.Put, "/admin/links", JsonContent.Create(new[] { fault })), HttpStatusCode.BadRequest, "BadRequest", message);
        }

        await KeyValueTests.AssertErrorAsync(
            await doors.AdminAsync(HttpMethod.Put, "/admin/links", JsonContent.Create(new[] { new LinkFaultView("nobody") })), HttpStatusCode.NotFound, "NotFound", "there is no node 'nobody' in this cluster");
        foreach (var body in new[] { "[null]", "null", "{}", "[{\"to\":null}]" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await doors.AdminAsync(HttpMethod.Put, "/admin/links", new StringContent(body, Encoding.UTF8, "application/json"))).StatusCode);
        }

        Assert.Equal(2, doors.Status.LinkFaults.Count);
        await doors.AdminAsync(HttpMethod.Put, "/admin/links", JsonContent.Create(Array.Empty<LinkFaultView>()));
        Assert.Empty(doors.Status.LinkFaults);
    }

    [Fact]
    public async Task Admin_changes_members_and_stops_the_node()
    {
        await using var doors = await Doors.OpenAsync(lab: true);
        Assert.Equal(HttpStatusCode.NoContent, (await doors.AdminAsync(HttpMethod.Post, "/admin/members/n1/leave")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await doors.AdminAsync(HttpMethod.Post, "/admin/members/n1/down")).StatusCode);
        await KeyValueTests.AssertErrorAsync(
            await doors.AdminAsync(HttpMethod.Post, "/admin/members/n9/down"), HttpStatusCode.NotFound, "NotFound", "cannot down n9: there is no such member");
        Assert.Equal(["leave n1", "down n1", "down n9"], doors.Status.Asked);
        Assert.Equal(HttpStatusCode.Accepted, (await doors.AdminAsync(HttpMethod.Post, "/admin/shutdown")).StatusCode);
        await doors.Status.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task What_is_not_there_is_404_with_a_way_on()
    {
        await using var doors = await Doors.OpenAsync();
        await KeyValueTests.AssertErrorAsync(await doors.Http.GetAsync("/nothing"), HttpStatusCode.NotFound, "NotFound", "there is no GET /nothing: /openapi/v1.json lists what there is");
    }

    [Fact]
    public async Task The_document_describes_every_operation_with_its_parameters_and_answers()
    {
        await using var doors = await Doors.OpenAsync(lab: true);
        using var document = JsonDocument.Parse(await doors.Http.GetStringAsync("/openapi/v1.json"));
        var paths = document.RootElement.GetProperty("paths");
        foreach (var (path, methods) in new[]
        {
            ("/kv/{key}", "get put delete head"), ("/kv/{key}/increment", "post"), ("/kv/{key}/cas", "post"), ("/kv", "get"), ("/cluster", "get"), ("/cluster/members", "get"), ("/shards", "get"),
            ("/alive", "get"), ("/ready", "get"), ("/metrics", "get"), ("/admin/links", "get put"), ("/admin/recording", "get put"), ("/admin/recording/messages", "get"), ("/admin/disk", "get put"), ("/admin/clock", "get put"), ("/admin/members/{name}/leave", "post"), ("/admin/members/{name}/down", "post"), ("/admin/shutdown", "post"),
        })
        {
            foreach (var method in methods.Split(' '))
            {
                var operation = paths.GetProperty(path).GetProperty(method);
                Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
                Assert.True(operation.GetProperty("responses").TryGetProperty("400", out _), $"{method} {path}");
            }
        }

        var consistency = paths.GetProperty("/kv/{key}").GetProperty("get").GetProperty("parameters").EnumerateArray().Single(parameter => parameter.GetProperty("name").GetString() == "consistency");
        Assert.Equal(["linearizable", "lease", "stale"], consistency.GetProperty("schema").GetProperty("enum").EnumerateArray().Select(value => value.GetString()));
        Assert.Contains("phi", document.RootElement.GetRawText(), StringComparison.Ordinal);
    }
}
