using Cluster.Lab.Workloads;
using Cluster.Lab.Workloads.Generators;
using Cluster.Lab.Workloads.Sessions;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>Registers of one writer each.</summary>
public sealed class VersionsGeneratorTests
{
    [Fact]
    public void A_register_whose_write_is_unknown_is_not_written_again()
    {
        var generator = new VersionsGenerator(new WorkloadOptions { Processes = 2, ReadPercent = 0 }, 1);
        var written = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var request = generator.Next();
            if (request.Op == "write")
            {
                written.Add(request.Key);
                generator.Saw(request, i % 3 == 2 ? StoreAnswer.Info : StoreAnswer.Ok());
            }
        }

        Assert.Equal(VersionsGenerator.KeysEach, written.Distinct().Count());
        Assert.Equal(written.Order(new ByNumber()), written);
        Assert.Equal("read", generator.Next().Op);
    }

    [Fact]
    public void Values_rise_and_a_reader_follows_where_something_is()
    {
        var options = new WorkloadOptions { Processes = 3, ReadPercent = 50 };
        var generator = new VersionsGenerator(options, 0);
        long last = 0;
        var reads = new List<string>();
        for (var i = 0; i < 400; i++)
        {
            var request = generator.Next();
            if (request.Op == "write")
            {
                var version = long.Parse(request.Input[0]!, System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(version > last);
                last = version;
                generator.Saw(request, StoreAnswer.Ok());
            }
            else
            {
                reads.Add(request.Key);
                generator.Saw(request, StoreAnswer.Ok(request.Key.EndsWith(".3", StringComparison.Ordinal) ? null : "1"));
            }
        }

        Assert.Contains(reads, key => key.EndsWith("v2.2", StringComparison.Ordinal));
        Assert.DoesNotContain(reads, key => key.EndsWith("v2.4", StringComparison.Ordinal));
    }

    private sealed class ByNumber : IComparer<string>
    {
        public int Compare(string? x, string? y) => Number(x!).CompareTo(Number(y!));

        private static int Number(string key) => int.Parse(key[(key.LastIndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
