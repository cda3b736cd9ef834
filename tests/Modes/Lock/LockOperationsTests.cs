using Cluster.Modes.Lock;
using Cluster.Shared.Results;

namespace Cluster.Modes.Tests.Lock;

/// <summary>What every door checks before a lock is asked: bad input is refused with a typed error, and never reaches an actor.</summary>
public class LockOperationsTests
{
    [Theory]
    [InlineData("acquire", "lease=-5s is not a time from 50ms to 1h: write 500ms, 10s, 2m or 1h", "name=l", "session=a", "lease=-5s")]
    [InlineData("acquire", "lease=ten is not a time from 50ms to 1h: write 500ms, 10s, 2m or 1h", "name=l", "session=a", "lease=ten")]
    [InlineData("acquire", "wait=1m is not a time from 0ms to 4s: write 500ms, 10s, 2m or 1h", "name=l", "session=a", "wait=1m")]
    [InlineData("acquire", "lock-delay=61s is not a time from 0ms to 1m: write 500ms, 10s, 2m or 1h", "name=l", "session=a", "lock-delay=61s")]
    [InlineData("acquire", "acquire needs session: Who asks: acquiring again by the same name gives the same token, and one more to release", "name=l")]
    [InlineData("acquire", "name has 0 bytes; it may have 1 to 128", "name=", "session=a")]
    [InlineData("renew", "token=0 is not a whole number from 1 to 9007199254740992", "name=l", "token=0")]
    [InlineData("renew", "lease=-1ms is not a time from 50ms to 1h: write 500ms, 10s, 2m or 1h", "name=l", "token=1", "lease=-1ms")]
    [InlineData("access", "token=-3 is not a whole number from 1 to 9007199254740992", "name=l", "token=-3")]
    [InlineData("release", "unknown argument 'session': release takes name, token, attempt", "name=l", "token=1", "session=a")]
    public void Bad_input_is_refused_in_words(string operation, string why, params string[] sent)
    {
        var arguments = sent.Select(argument => argument.Split('=', 2)).ToDictionary(argument => argument[0], argument => argument[1]);

        Assert.False(ModeCatalog.Find("lock")!.FindOperation(operation)!.TryRead(arguments, out _, out var error));
        Assert.Equal((ErrorCode.BadRequest, why), (error.Code, error.Message));
    }

    [Theory]
    [InlineData(0, "wait=0s")]
    [InlineData(10_000, "wait=1s")]
    [InlineData(1_000, "wait=1s", "keep=0s")]
    [InlineData(500, "wait=1s", "keep=500ms")]
    [InlineData(5_000, "wait=0s", "keep=5s")]
    public void Whoever_waits_has_a_place_to_wait_at(int keptMs, params string[] sent)
    {
        var arguments = sent.Select(argument => argument.Split('=', 2)).ToDictionary(argument => argument[0], argument => argument[1]);
        arguments.Add("name", "l");
        arguments.Add("session", "s");

        Assert.True(ModeCatalog.Find("lock")!.FindOperation("acquire")!.TryRead(arguments, out var request, out _));
        Assert.Equal(TimeSpan.FromMilliseconds(keptMs), LockActor.AcquireOf(request).Keep);
    }
}
