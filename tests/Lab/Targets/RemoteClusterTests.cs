using Cluster.Lab.Targets;

namespace Cluster.Lab.Tests.Targets;

/// <summary>A cluster that is found by one address: where the others' doors are is what that node says.</summary>
public class RemoteClusterTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8558", "http://127.0.0.1:8558")]
    [InlineData("https://node1.example:8558", "https://node1.example:8558")]
    [InlineData("127.0.0.1:8558", "http://127.0.0.1:8558")]
    public void A_door_is_told_with_its_scheme_or_without(string told, string address) => Assert.Equal(address, RemoteCluster.AddressOf(told));
}
