using Cluster.Node.Options;

namespace Cluster.Node.Tests.Options;

/// <summary>The command line: what is understood, and that every mistake gets one clear line and exit code 64.</summary>
public sealed class NodeOptionsTests
{
    [Fact]
    public void All_options_are_understood_in_both_forms()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "0123456789abcdef\n");
        var outcome = Parse(
            "--name n2 --cluster=prod --ip 0.0.0.0 --advertise host2 --port 4054 --http-port=0 --resp-port 6380 --seeds 127.0.0.1:4053,host2:4054 --data /tmp/n2 --shards 8 --lab --resp-password pw --admin-token-file " + file);
        File.Delete(file);
        Assert.True(outcome.CanStart, string.Join("\n", outcome.Lines));
        var options = outcome.Options;
        Assert.Equal("n2", options.Name.ToString());
        Assert.Equal("prod", options.Cluster);
        Assert.Equal("host2:4054", options.AdvertisedAddress.ToString());
        Assert.Equal(0, options.HttpPort);
        Assert.Equal(6380, options.RespPort);
        Assert.Equal(["127.0.0.1:4053", "host2:4054"], options.Seeds.Select(seed => seed.ToString()));
        Assert.Equal("/tmp/n2", options.DataDirectory);
        Assert.Equal(8, options.Shards);
        Assert.True(options.Lab);
        Assert.Equal("0123456789abcdef", options.AdminToken);
        Assert.Equal("pw", options.RespPassword);
        Assert.DoesNotContain("0123456789abcdef", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_stands_in_and_the_command_line_wins()
    {
        var environment = new Dictionary<string, string?>
        {
            ["CLUSTER_NAME"] = "prod", ["CLUSTER_IP"] = "127.0.0.2", ["CLUSTER_PORT"] = "5000", ["CLUSTER_SEEDS"] = "a:1,b:2", ["CLUSTER_NODE"] = "n3",
            ["CLUSTER_HTTP_PORT"] = "5001", ["CLUSTER_RESP_PORT"] = "5002", ["CLUSTER_DATA"] = "", ["CLUSTER_ADMIN_TOKEN"] = "0123456789abcdef", ["CLUSTER_PASSWORD"] = "pw",
        };
        var outcome = NodeOptionsParser.Parse(["--port", "6000"], environment.GetValueOrDefault);
        Assert.True(outcome.CanStart, string.Join("\n", outcome.Lines));
        Assert.Equal("n3 of prod at 127.0.0.2:6000, HTTP 5001, RESP 5002, data in data", outcome.Options.ToString());
        Assert.Equal("pw", outcome.Options.RespPassword);
        Assert.Equal(2, outcome.Options.Seeds.Count);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void A_switch_is_turned_on_by_a_variable_of_1(string value, bool on)
    {
        var environment = new Dictionary<string, string?> { ["CLUSTER_LAB"] = value, ["CLUSTER_SEEDS"] = "a:1", ["CLUSTER_ADMIN_TOKEN"] = "0123456789abcdef" };
        var outcome = NodeOptionsParser.Parse([], environment.GetValueOrDefault);
        Assert.True(outcome.CanStart, string.Join("\n", outcome.Lines));
        Assert.Equal(on, outcome.Options.Lab);
    }

    [Fact]
    public void A_switch_by_variable_is_not_guessed_at()
    {
        var outcome = NodeOptionsParser.Parse(["--seeds", "a:1"], name => name == "CLUSTER_LAB" ? "yes" : null);
        Assert.Equal(["CLUSTER_LAB 'yes': write 1 for on, 0 for off"], outcome.Lines);
    }

    [Theory]
    [InlineData("", "--seeds is missing: name at least one remoting address to join through, for example --seeds 127.0.0.1:4053 for a cluster that starts with this node")]
    [InlineData("--seeds a:1 --nme n1", "unknown option '--nme': did you mean --name? --help lists what there is")]
    [InlineData("--seeds a:1 nonsense", "unknown option 'nonsense': --help lists what there is")]
    [InlineData("--seeds a:1 --port 70000", "--port '70000': not a whole number from 1 to 65535")]
    [InlineData("--seeds a:1 --port 0", "--port '0': not a whole number from 1 to 65535")]
    [InlineData("--seeds a:1 --port -1", "--port '-1': not a whole number from 1 to 65535")]
    [InlineData("--seeds a:1 --http-port x", "--http-port 'x': not a whole number from 0 to 65535")]
    [InlineData("--seeds a:1 --shards 0", "--shards '0': not a whole number from 1 to 1024")]
    [InlineData("--seeds a:1 --name N1", "--name 'N1': a node name is 1 to 32 of a-z, 0-9 and '-', a letter first")]
    [InlineData("--seeds a:1 --cluster a/b", "--cluster 'a/b': a cluster name is 1 to 64 of letters, digits, '-', '_' and '.'")]
    [InlineData("--seeds a", "--seeds 'a': 'a' is not an address: write host:port, for example 127.0.0.1:4053")]
    [InlineData("--seeds ,", "--seeds ',': give 1 to 64 addresses with commas between")]
    [InlineData("--seeds", "--seeds needs a value: --seeds HOST:PORT,...")]
    [InlineData("--seeds=", "--seeds needs a value: --seeds HOST:PORT,...")]
    [InlineData("--seeds a:1 --data --lab", "--data needs a value: --data DIR|--lab needs an admin token")]
    [InlineData("--seeds a:1 --ip ???", "--ip '???': neither an IP address nor a host name")]
    [InlineData("--seeds a:1 --ip 0.0.0.0", "--advertise is missing: --ip 0.0.0.0 listens everywhere, so other nodes must be told by which host to reach this one")]
    [InlineData("--seeds a:1 --advertise 0.0.0.0", "--advertise '0.0.0.0': not a host that others could connect to")]
    [InlineData("--seeds a:1 --lab", "--lab needs an admin token: give --admin-token-file FILE or set CLUSTER_ADMIN_TOKEN")]
    [InlineData("--seeds a:1 --replace-after 0s", "--replace-after '0s': not 'never' or a time from 1s to 30 days")]
    [InlineData("--seeds a:1 --replace-after 5", "--replace-after '5': not 'never' or a time from 1s to 30 days")]
    [InlineData("--seeds a:1 --replace-after 721h", "--replace-after '721h': not 'never' or a time from 1s to 30 days")]
    [InlineData("--seeds a:1 --redirect --resp-port 0", "--redirect needs a --resp-port that is known before the start")]
    [InlineData("--seeds a:1 --advertise-resp here", "--advertise-resp 'here': not an address that clients could connect to: write host:port")]
    [InlineData("--seeds a:1 --lab=yes", "--lab takes no value")]
    [InlineData("--seeds a:1 --admin-token-file /nowhere/at/all", "--admin-token-file '/nowhere/at/all': the file cannot be read: ")]
    [InlineData("--seeds a:1 --port 8558", "--port and --http-port are both 8558: each needs a port of its own")]
    public void A_mistake_gets_one_line_and_exit_code_64(string arguments, string expected)
    {
        var outcome = Parse(arguments);
        Assert.False(outcome.CanStart);
        Assert.Equal(64, outcome.Code);
        Assert.StartsWith(expected.Split('|')[0], Assert.Single(outcome.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 300)]
    [InlineData("--replace-after 30s", 30)]
    [InlineData("--replace-after 2m", 120)]
    [InlineData("--replace-after 720h", 2592000)]
    [InlineData("--replace-after never", null)]
    public void The_time_after_which_replicas_are_replaced_is_read(string arguments, int? seconds)
    {
        Assert.Equal(seconds, (int?)Parse("--seeds a:1 " + arguments).Options!.ReplaceAfter?.TotalSeconds);
    }

    [Fact]
    public void Every_mistake_is_told_and_no_secret_is_echoed()
    {
        var outcome = NodeOptionsParser.Parse(["--port", "x", "--shards", "y"], name => name == "CLUSTER_ADMIN_TOKEN" ? "short" : null);
        Assert.Equal(3, outcome.Lines.Count);
        Assert.DoesNotContain(outcome.Lines, line => line.Contains("short", StringComparison.Ordinal));
    }

    [Fact]
    public void Help_lists_every_option_with_its_default_and_variable()
    {
        var outcome = Parse("--help");
        Assert.Equal(0, outcome.Code);
        var text = string.Join("\n", outcome.Lines);
        foreach (var option in new[] { "--name", "--cluster", "--ip", "--advertise", "--port", "--http-port", "--resp-port", "--seeds", "--data", "--shards", "--replace-after", "--lab", "--admin-token-file", "--resp-password" })
        {
            Assert.Contains("  " + option, text, StringComparison.Ordinal);
        }

        foreach (var variable in new[] { "CLUSTER_NAME", "CLUSTER_IP", "CLUSTER_PORT", "CLUSTER_SEEDS", "CLUSTER_HTTP_PORT", "CLUSTER_RESP_PORT", "CLUSTER_NODE", "CLUSTER_DATA", "CLUSTER_ADMIN_TOKEN", "CLUSTER_PASSWORD" })
        {
            Assert.Contains(variable, text, StringComparison.Ordinal);
        }
    }

    private static OptionsOutcome Parse(string arguments) => NodeOptionsParser.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), _ => null);
}
