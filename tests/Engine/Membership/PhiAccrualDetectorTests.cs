using Cluster.Engine.Membership;

namespace Cluster.Engine.Tests.Membership;

public class PhiAccrualDetectorTests
{
    private static readonly PhiAccrualOptions Defaults = new();

    [Fact]
    public void Nothing_is_suspected_before_the_first_heartbeat()
    {
        var detector = new PhiAccrualDetector(Defaults);

        Assert.Equal(0, detector.Phi(TimeSpan.FromHours(1)));
        Assert.True(detector.IsAvailable(TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_single_heartbeat_is_enough_to_suspect_by()
    {
        var detector = new PhiAccrualDetector(Defaults);
        detector.Heartbeat(Ms(0));

        Assert.True(detector.IsAvailable(Ms(1000)));
        Assert.False(detector.IsAvailable(Ms(3000)));
    }

    /// <summary>Of a normal distribution with mean 1,000 ms and deviation 100 ms: -log10 of its upper tail, from a table of the distribution.</summary>
    [Theory]
    [InlineData(1000, 0.301)]
    [InlineData(1100, 0.800)]
    [InlineData(1200, 1.643)]
    [InlineData(1300, 2.870)]
    [InlineData(1400, 4.499)]
    [InlineData(1500, 6.543)]
    [InlineData(900, 0.075)]
    [InlineData(500, 0.000)]
    public void Phi_is_the_logarithm_of_the_normal_tail(int silenceMs, double expected)
    {
        var detector = new PhiAccrualDetector(new PhiAccrualOptions
        {
            FirstHeartbeatEstimate = Ms(1000), // Two samples, 750 and 1,250 ms; the regular ones below soon outweigh them.
            MinStdDeviation = Ms(100),
            AcceptablePause = TimeSpan.Zero,
            MaxSamples = 50,
        });
        for (var beat = 0; beat <= 60; beat++)
        {
            detector.Heartbeat(Ms(beat * 1000));
        }

        Assert.Equal(expected, detector.Phi(Ms(60_000 + silenceMs)), expected * 0.12 + 0.005);
    }

    [Fact]
    public void Suspicion_only_grows_with_silence_and_stays_finite()
    {
        var detector = Regular(200, beats: 50, out var last);
        var before = -1.0;
        for (var silence = 0; silence < 100_000; silence += 10)
        {
            var phi = detector.Phi(last + Ms(silence));
            Assert.True(phi >= before && phi <= PhiAccrualDetector.MaxPhi, $"phi {phi} after {before} at {silence} ms");
            before = phi;
        }

        Assert.Equal(PhiAccrualDetector.MaxPhi, before);
    }

    [Fact]
    public void With_the_defaults_a_silent_peer_is_suspected_between_one_and_two_seconds()
    {
        var detector = Regular(200, beats: 50, out var last);

        Assert.True(detector.IsAvailable(last + Ms(1500)));
        Assert.False(detector.IsAvailable(last + Ms(2000)));
    }

    [Fact]
    public void An_irregular_peer_is_given_more_time()
    {
        var regular = Regular(200, beats: 100, out var lastRegular);
        var irregular = new PhiAccrualDetector(Defaults);
        var last = TimeSpan.Zero;
        for (var beat = 0; beat < 100; beat++)
        {
            irregular.Heartbeat(last += Ms(beat % 2 == 0 ? 20 : 900));
        }

        Assert.False(regular.IsAvailable(lastRegular + Ms(2200)));
        Assert.True(irregular.IsAvailable(last + Ms(2200)));
    }

    [Fact]
    public void An_outage_is_not_learned_as_how_the_peer_beats()
    {
        var detector = Regular(200, beats: 50, out var last);
        var before = detector.Phi(last + Ms(1500));

        var back = last + TimeSpan.FromSeconds(30);
        detector.Heartbeat(back);

        Assert.Equal(before, detector.Phi(back + Ms(1500)), 1e-9);
    }

    [Fact]
    public void The_window_forgets_what_lies_further_back()
    {
        var detector = new PhiAccrualDetector(Defaults);
        var last = TimeSpan.Zero;
        for (var beat = 0; beat < 300; beat++)
        {
            detector.Heartbeat(last += Ms(900));
        }

        for (var beat = 0; beat < Defaults.MaxSamples; beat++)
        {
            detector.Heartbeat(last += Ms(200));
        }

        var fresh = Regular(200, beats: 1 + Defaults.MaxSamples, out var lastFresh);
        fresh.Heartbeat(lastFresh += Ms(200));
        fresh.Heartbeat(lastFresh += Ms(200)); // By now its two first estimates are out of the window too.
        Assert.Equal(fresh.Phi(lastFresh + Ms(1600)), detector.Phi(last + Ms(1600)), 1e-9);
    }

    [Fact]
    public void Time_that_goes_back_raises_no_suspicion()
    {
        var detector = Regular(200, beats: 10, out var last);
        detector.Heartbeat(last - Ms(500));

        Assert.Equal(0, detector.Phi(last - Ms(100)));
        Assert.True(detector.IsAvailable(last + Ms(1000)));
    }

    [Fact]
    public void Options_out_of_bounds_are_refused_by_name()
    {
        Assert.Contains("Threshold", Assert.Throws<ArgumentException>(() => new PhiAccrualDetector(Defaults with { Threshold = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("Threshold", Assert.Throws<ArgumentException>(() => new PhiAccrualDetector(Defaults with { Threshold = double.NaN })).Message, StringComparison.Ordinal);
        Assert.Contains("MaxSamples", Assert.Throws<ArgumentException>(() => new PhiAccrualDetector(Defaults with { MaxSamples = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("AcceptablePause", Assert.Throws<ArgumentException>(() => new PhiAccrualDetector(Defaults with { AcceptablePause = Ms(-1) })).Message, StringComparison.Ordinal);
        Assert.Contains("MinStdDeviation", Assert.Throws<ArgumentException>(() => new PhiAccrualDetector(Defaults with { MinStdDeviation = TimeSpan.Zero })).Message, StringComparison.Ordinal);
    }

    private static PhiAccrualDetector Regular(int intervalMs, int beats, out TimeSpan last)
    {
        var detector = new PhiAccrualDetector(Defaults);
        last = TimeSpan.Zero;
        for (var beat = 0; beat < beats; beat++)
        {
            detector.Heartbeat(last += Ms(intervalMs));
        }

        return detector;
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
