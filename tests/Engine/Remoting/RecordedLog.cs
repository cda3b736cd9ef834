using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Cluster.Engine.Tests.Remoting;

/// <summary>Keeps the log lines of a test, so that it can claim what an operator would read.</summary>
public sealed class RecordedLog
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyList<string> Lines => [.. lines];

    public ILogger<T> For<T>() => new Writer<T>(lines);

    private sealed class Writer<T>(ConcurrentQueue<string> lines) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
            }
        }
    }
}
