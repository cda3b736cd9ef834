using System.Net;
using System.Net.Http.Json;
using System.Text;
using Cluster.Node.Tests.Support;

namespace Cluster.Node.Tests.Http;

/// <summary>The modes' operations over HTTP, in front of modes that answer with what they were asked.</summary>
public class ModeTests
{
    [Fact]
    public async Task The_list_names_every_mode_with_what_it_can_be_asked()
    {
        await using var doors = await Doors.OpenAsync();
        var modes = await doors.Http.GetStringAsync("/modes", Cancellation);

        Assert.Contains("\"slug\":\"leader-election\"", modes, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"take\"", modes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_has_a_route_of_its_own_and_a_read_is_a_GET()
    {
        await using var doors = await Doors.OpenAsync();

        using var taken = await doors.Http.PostAsync("/modes/leader-election/take", null, Cancellation);
        Assert.Equal("\"leader-election: take()\"", await taken.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("\"leader-election: who()\"", await doors.Http.GetStringAsync("/modes/leader-election/who", Cancellation));
        using var read = await doors.Http.PostAsync("/modes/leader-election/who", null, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    [Theory]
    [InlineData("/modes/leader-election/take?speed=fast", null, "unknown query parameter 'speed': this takes none")]
    [InlineData("/modes/leader-election/take", "{\"speed\":\"fast\"}", "unknown argument 'speed': take takes none")]
    [InlineData("/modes/leader-election/take", "{\"speed\":[1]}", "speed is a JSON array: write a text or a number")]
    [InlineData("/modes/leader-election/take", "{", "the body is not the JSON that this takes")]
    public async Task Bad_input_is_a_400_that_says_what_is_allowed(string path, string? body, string why)
    {
        await using var doors = await Doors.OpenAsync();
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await doors.Http.PostAsync(path, content, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith(why, (await response.Content.ReadFromJsonAsync<Shared.Http.ErrorView>(Cancellation))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_operation_stands_in_the_description()
    {
        await using var doors = await Doors.OpenAsync();
        var description = await doors.Http.GetStringAsync("/openapi/v1.json", Cancellation);

        Assert.All(
            Modes.ModeCatalog.All.SelectMany(mode => mode.Parts.Operations.Select(operation => $"\"/modes/{mode.Slug}/{operation.Name}\"")),
            route => Assert.Contains(route, description, StringComparison.Ordinal));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
