namespace Cluster.Cluster.Tests.Harness;

/// <summary>Waits for a condition with a deadline, and says at the deadline what it saw last.</summary>
internal static class Eventually
{
    public static async Task<T> GetAsync<T>(TimeSpan deadline, string what, Func<Task<T>> look, Func<T, bool> accept)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            string seen;
            try
            {
                var value = await look();
                if (accept(value))
                {
                    return value;
                }

                seen = value?.ToString() ?? "null";
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or System.Net.Sockets.SocketException)
            {
                seen = e.Message;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < deadline, $"not within {deadline.TotalSeconds:0} s: {what}; last seen: {seen}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(TimeSpan deadline, string what, Func<Task<bool>> look) => GetAsync(deadline, what, look, value => value);
}
