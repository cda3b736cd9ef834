using Cluster.Modes.CircuitBreaker;

namespace Cluster.Modes.Tests.CircuitBreaker;

/// <summary>What is kept is bounded, and what is refused is refused before it costs anything.</summary>
public class BoundsTests
{
    [Fact]
    public void A_pool_lets_so_many_begin_so_many_wait_in_order_and_refuses_the_rest()
    {
        var pool = new CallerPool<string>();
        var admitted = Enumerable.Range(0, CallerPool<string>.Workers + CallerPool<string>.MostWaiting + 1).Select(call => pool.Enter($"c{call}")).ToList();

        Assert.Equal(CallerPool<string>.Workers, admitted.Count(one => one == Admission.Begins));
        Assert.Equal(CallerPool<string>.MostWaiting, admitted.Count(one => one == Admission.Waits));
        Assert.Equal(Admission.Refused, admitted[^1]);
        Assert.Equal($"c{CallerPool<string>.Workers}", pool.Leave());
        Assert.Equal($"c{CallerPool<string>.Workers + 1}", pool.Leave());
        while (pool.Leave() is not null)
        {
            Assert.Equal(CallerPool<string>.Workers, pool.Busy);
        }

        Assert.Equal(CallerPool<string>.Workers - 1, pool.Busy);
    }

    [Fact]
    public void The_last_known_values_are_bounded_and_never_go_back()
    {
        var known = new LastKnown();
        for (var item = 0; item <= LastKnown.MostItems; item++)
        {
            known.Learn($"i{item}", new KnownValue(item, "L", TimeSpan.FromSeconds(item)));
        }

        Assert.Equal(LastKnown.MostItems, known.Count);
        Assert.Null(known.Find("i0"));

        known.Learn("i1", new KnownValue(0, "L", TimeSpan.FromSeconds(9)));
        Assert.Equal(1, known.Find("i1")!.Value.Value);
        known.Learn("i1", new KnownValue(0, "M", TimeSpan.FromSeconds(9)));
        Assert.Equal("M", known.Find("i1")!.Value.Life);
    }
}
