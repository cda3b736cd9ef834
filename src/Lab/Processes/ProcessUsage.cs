using System.Globalization;

namespace Cluster.Lab.Processes;

/// <summary>What a process of this machine has used up, as /proc tells.</summary>
/// <param name="Processor">User and system time of all its threads, in steps of 10 ms.</param>
/// <param name="ResidentBytes">Memory that it holds now.</param>
public readonly record struct ProcessUsage(TimeSpan Processor, long ResidentBytes)
{
    /// <summary>USER_HZ, which Linux has kept at 100 for programs whatever the kernel ticks.</summary>
    private const long TicksPerSecond = 100;

    /// <summary>Null: there is no such process, or it may not be looked at.</summary>
    public static ProcessUsage? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The name stands in brackets and may hold anything. After it: state is field 3, utime 14, stime 15, resident pages 24 (proc_pid_stat(5)).
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = Field(fields, 14) + Field(fields, 15);
            return new ProcessUsage(TimeSpan.FromSeconds(ticks / (double)TicksPerSecond), Field(fields, 24) * Environment.SystemPageSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Field(string[] fields, int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
}
