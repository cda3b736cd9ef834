using Cluster.Node.Tests.Support;

namespace Cluster.Node.Tests.Resp;

/// <summary>
/// What client libraries say first on a connection, from their documentation, and what they go on with. A library that is refused a courtesy (its name, a
/// feature it could use) must find the refusal it knows from older servers; what it needs must be there. <c>*</c> ends an answer of which only the beginning
/// is looked at.
/// </summary>
public sealed class OpeningHandshakeTests
{
    public static TheoryData<string, string[]> Openings => new()
    {
        { "StackExchange.Redis", ["CLIENT SETNAME host(SE.Redis-v2.7)|+OK", "CLIENT SETINFO lib-name SE.Redis|+OK", "CLIENT SETINFO lib-ver 2.7.0|+OK", "CLIENT ID|:*", "CONFIG GET timeout|[\"timeout\", \"0\"]",
            "CONFIG GET replica-read-only|[\"replica-read-only\", \"no\"]", "CONFIG GET databases|[\"databases\", \"16\"]", "SENTINEL MASTERS|-ERR unknown command 'SENTINEL'*", "INFO replication|\"# Replication\r\nrole:master\r\n*", "INFO server|\"# Server\r\nredis_version:7*",
            "GET __Booksleeve_TieBreak|nil", "CLUSTER NODES|-ERR This instance has cluster support disabled", "ECHO 3f2504e0-4f89|\"3f2504e0-4f89\"", "PING|+PONG"] },
        { "ioredis", ["INFO|\"# Server\r\n*", "CLIENT SETINFO LIB-NAME ioredis|+OK", "SELECT 0|+OK", "PING|+PONG"] },
        { "node-redis", ["CLIENT SETINFO LIB-NAME node-redis|+OK", "CLIENT SETINFO LIB-VER 4.6.0|+OK", "PING|+PONG"] },
        { "redis-py", ["CLIENT SETINFO LIB-NAME redis-py|+OK", "CLIENT SETINFO LIB-VER 5.0.1|+OK", "SELECT 0|+OK", "PING|+PONG"] },
        { "go-redis", ["HELLO 3|%{\"server\": \"redis\", \"version\": \"7*", "CLIENT SETINFO LIB-NAME go-redis(,go1.22)|+OK", "CLIENT SETINFO LIB-VER 9.5.1|+OK", "CLIENT MAINT_NOTIFICATIONS ON moving-endpoint-type none|-ERR unknown subcommand 'MAINT_NOTIFICATIONS'*", "PING|+PONG"] },
        { "Jedis", ["HELLO 2 SETNAME pool|[\"server\", \"redis\"*", "CLIENT SETINFO LIB-NAME jedis|+OK", "CLIENT SETINFO LIB-VER 5.1.0|+OK", "PING|+PONG"] },
        { "Lettuce", ["HELLO 3 SETNAME app|%{\"server\": \"redis\"*", "CLIENT SETINFO lib-name Lettuce|+OK", "CLIENT SETINFO lib-ver 6.3.0|+OK", "COMMAND|[[\"ping\"*", "PING|+PONG"] },
        { "redis-cli 7", ["COMMAND DOCS|[\"ping\"*", "COMMAND|[[\"ping\"*"] },
        { "redis-cli 7 -3", ["HELLO 3|%{*", "COMMAND DOCS|%{\"ping\": %{\"summary\"*"] },
        { "redis-benchmark", ["CONFIG GET save|[\"save\", \"\"]", "CONFIG GET appendonly|[\"appendonly\", \"yes\"]", "PING|+PONG"] },
        { "hiredis with a password", ["AUTH secret|+OK", "PING|+PONG"] },
        { "go-redis with a password", ["HELLO 3 AUTH default secret|%{\"server\"*", "CLIENT SETNAME app|+OK", "PING|+PONG"] },
    };

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task A_library_finds_what_it_opens_with(string library, string[] opening)
    {
        await using var doors = await Doors.OpenAsync(password: library.EndsWith("password", StringComparison.Ordinal) ? "secret" : null);
        await using var client = await doors.ConnectAsync();
        var steps = opening.Select(step => step.Split('|', 2)).ToArray();

        // Libraries send their opening as one pipeline.
        foreach (var step in steps)
        {
            await client.SendRawAsync(RespClient.Encode(step[0].Split(' ')));
        }

        foreach (var step in steps)
        {
            var reply = await client.ReadAsync();
            if (step[1].EndsWith('*'))
            {
                Assert.StartsWith(step[1][..^1], reply, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(step[1], reply);
            }
        }
    }
}
