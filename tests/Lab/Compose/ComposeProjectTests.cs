using Cluster.Lab.Compose;

namespace Cluster.Lab.Tests.Compose;

/// <summary>The project's name is found as compose finds it, else the console would look at no cluster or at another one.</summary>
public class ComposeProjectTests
{
    [Theory]
    [InlineData(null, null, "/srv/My.Lab/docker-compose.yml", "mylab")]
    [InlineData(null, "", "/srv/deploy/docker-compose.yml", "deploy")]
    [InlineData(null, "Other_1", "/srv/deploy/docker-compose.yml", "other_1")]
    [InlineData("given", "other", "/srv/deploy/docker-compose.yml", "given")]
    public void Option_beats_environment_beats_directory(string? given, string? environment, string file, string expected) =>
        Assert.Equal(expected, ComposeProject.NameOf(given, environment, file));
}
