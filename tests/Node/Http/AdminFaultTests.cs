using System.Net;
using System.Net.Http.Json;
using System.Text;
using Cluster.Node.Tests.Support;
using Cluster.Shared.Http;

namespace Cluster.Node.Tests.Http;

/// <summary>Faults of the node's own disk and clock over HTTP: replaced whole, shown, healed by an empty object, and refused where they cannot be.</summary>
public sealed class AdminFaultTests
{
    [Fact]
    public async Task Disk_faults_are_replaced_whole_shown_and_healed()
    {
        await using var doors = await Doors.OpenAsync(lab: true);
        var slow = new DiskFaultView(LatencyMs: 50, JitterMs: 10, LoseUnsynced: true, Torn: true);
        Assert.Equal(slow, await PutAsync<DiskFaultView>(doors, "/admin/disk", """{"latencyMs":50,"jitterMs":10,"loseUnsynced":true,"torn":true}"""));
        Assert.Equal(slow, await GetAsync<DiskFaultView>(doors, "/admin/disk"));
        Assert.Equal(new DiskFaultView(Full: true), await PutAsync<DiskFaultView>(doors, "/admin/disk", """{"full":true}"""));

        Assert.Equal(DiskFaultView.None, await PutAsync<DiskFaultView>(doors, "/admin/disk", "{}"));
        Assert.Equal(DiskFaultView.None, doors.Status.DiskFaults);
    }

    [Fact]
    public async Task A_clock_is_set_wrong_shown_and_healed()
    {
        await using var doors = await Doors.OpenAsync(lab: true);
        Assert.Equal(new ClockFaultView(-500, 1.05), await PutAsync<ClockFaultView>(doors, "/admin/clock", """{"skewMs":-500,"rate":1.05}"""));
        Assert.Equal(new ClockFaultView(-500, 1.05), await GetAsync<ClockFaultView>(doors, "/admin/clock"));

        Assert.Equal(ClockFaultView.None, await PutAsync<ClockFaultView>(doors, "/admin/clock", "{}"));
        Assert.Equal(ClockFaultView.None, doors.Status.ClockFaults);
    }

    [Theory]
    [InlineData("disk", """{"latencyMs":60001}""", "latencyMs, writeLatencyMs and jitterMs are from 0 to 60000")]
    [InlineData("disk", """{"writeLatencyMs":-1}""", "latencyMs, writeLatencyMs and jitterMs are from 0 to 60000")]
    [InlineData("disk", """{"jitterMs":5}""", "jitterMs is added to a latency: give latencyMs or writeLatencyMs")]
    [InlineData("disk", """{"torn":true}""", "torn tears what loseUnsynced holds back: give both")]
    [InlineData("clock", """{"skewMs":3600001}""", "skewMs is from -3600000 to 3600000: an hour either way")]
    [InlineData("clock", """{"skewMs":-9223372036854775808}""", "skewMs is from -3600000 to 3600000: an hour either way")]
    [InlineData("clock", """{"rate":0.4}""", "rate is from 0.5 to 2; 1 is right")]
    [InlineData("clock", """{"rate":2.1}""", "rate is from 0.5 to 2; 1 is right")]
    public async Task A_fault_that_cannot_be_is_refused_and_changes_nothing(string what, string body, string why)
    {
        await using var doors = await Doors.OpenAsync(lab: true);
        await KeyValueTests.AssertErrorAsync(await SendAsync(doors, "/admin/" + what, body), HttpStatusCode.BadRequest, "BadRequest", why);
        Assert.Equal(DiskFaultView.None, doors.Status.DiskFaults);
        Assert.Equal(ClockFaultView.None, doors.Status.ClockFaults);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"rate":"fast","latencyMs":"slow"}""")]
    [InlineData("""{"latency":50,"skew":50}""")]
    [InlineData("""{"latencyMs":50,"latencyMs":0,"skewMs":1,"skewMs":0}""")]
    public async Task What_is_no_fault_at_all_is_refused(string body)
    {
        await using var doors = await Doors.OpenAsync(lab: true);
        foreach (var path in new[] { "/admin/disk", "/admin/clock" })
        {
            var response = await SendAsync(doors, path, body);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.DoesNotMatch("Cluster\\.|System\\.|View", await response.Content.ReadAsStringAsync());
        }
    }

    private static async Task<T?> GetAsync<T>(Doors doors, string path) => await (await doors.AdminAsync(HttpMethod.Get, path)).Content.ReadFromJsonAsync<T>();

    private static async Task<T?> PutAsync<T>(Doors doors, string path, string body)
    {
        var answer = await SendAsync(doors, path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<T>();
    }

    private static Task<HttpResponseMessage> SendAsync(Doors doors, string path, string body) =>
        doors.AdminAsync(HttpMethod.Put, path, new StringContent(body, Encoding.UTF8, "application/json"));
}
