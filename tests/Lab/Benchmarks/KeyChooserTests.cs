using Cluster.Lab.Benchmarks.Requests;

namespace Cluster.Lab.Tests.Benchmarks;

public class KeyChooserTests
{
    private const int Draws = 200_000;

    [Fact]
    public void Uniform_keys_come_equally_often()
    {
        var counts = Draw(new UniformKeys(100), 100);

        Assert.All(counts, count => Assert.InRange(count, 0.9 * Draws / 100, 1.1 * Draws / 100));
    }

    [Fact]
    public void A_zipf_key_comes_as_often_as_its_rank_says()
    {
        var keys = new ZipfKeys(1000);
        var counts = Draw(keys, 1000);
        var zeta = Enumerable.Range(1, 1000).Sum(rank => Math.Pow(rank, -ZipfKeys.Skew));

        // Exact for the first two ranks, and close below, as the paper says of its approximation.
        foreach (var (rank, tolerance) in new[] { (1, 0.05), (2, 0.05), (10, 0.25), (100, 0.25) })
        {
            var expected = Draws * Math.Pow(rank, -ZipfKeys.Skew) / zeta;
            Assert.InRange(counts[keys.KeyOf(rank - 1)], expected * (1 - tolerance), expected * (1 + tolerance));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10_000)]
    public void Ranks_are_strewn_over_the_keys_one_to_one(int count)
    {
        var keys = new ZipfKeys(count);

        Assert.Equal(count, Enumerable.Range(0, count).Select(rank => keys.KeyOf(rank)).Distinct().Count());
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(keys.Next(new RandomNumbers(7)), 0, count - 1));
    }

    [Fact]
    public void Loops_that_load_between_them_write_every_key_once()
    {
        var random = new RandomNumbers(1);
        var loops = new[] { new SequentialKeys(0, 3), new SequentialKeys(1, 3), new SequentialKeys(2, 3) };

        var keys = loops.SelectMany(loop => Enumerable.Range(0, 4).Select(_ => loop.Next(random)));

        Assert.Equal(Enumerable.Range(0, 12).Select(key => (long)key), keys.Order());
    }

    private static int[] Draw(IKeyChooser keys, int count)
    {
        var random = new RandomNumbers(42);
        var counts = new int[count];
        for (var i = 0; i < Draws; i++)
        {
            counts[keys.Next(random)]++;
        }

        return counts;
    }
}
