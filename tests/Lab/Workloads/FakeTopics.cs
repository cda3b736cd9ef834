using System.Globalization;
using System.Text;
using System.Text.Json;
using Cluster.Lab.Workloads.Sessions;
using Cluster.Shared.Patterns;

namespace Cluster.Lab.Tests.Workloads;

/// <summary>The mode <c>pub-sub</c> in one piece of memory: whoever subscribes hears at once. Or one that is wrong in one way, now and then.</summary>
internal sealed class FakeTopics(FakeTopics.Wrong wrong = FakeTopics.Wrong.Nothing)
{
    private readonly Dictionary<string, Inbox> inboxes = [];
    private readonly Random random = new(3);

    internal enum Wrong
    {
        Nothing,

        /// <summary>A message is handed over twice.</summary>
        Twice,

        /// <summary>A message is handed over behind the next one.</summary>
        Overtaken,

        /// <summary>Who has unsubscribed goes on hearing.</summary>
        AfterTheEnd,

        /// <summary>Each member of a group hears.</summary>
        WholeGroup,

        /// <summary>A subscription hears what it does not match.</summary>
        Everything,
    }

    /// <summary>Deliveries that would not have been made by topics that are right.</summary>
    public int Spoiled { get; private set; }

    public StoreAnswer Answer(ModeCall call)
    {
        var given = call.Arguments.Where(argument => argument.Value is not null).ToDictionary(argument => argument.Name, argument => argument.Value!);
        if (call.Operation == "publish")
        {
            return Publish(given["topic"], given["message"], given["to"] == "group");
        }

        if (call.Operation == "subscribe")
        {
            inboxes.TryAdd(given["subscription"], new Inbox(given["name"], given["kind"] == "pattern", given.GetValueOrDefault("group")));
            return StoreAnswer.Ok("{}");
        }

        if (!inboxes.TryGetValue(given["subscription"], out var inbox))
        {
            return StoreAnswer.Conflict;
        }

        inbox.HasEnded |= call.Operation == "unsubscribe";
        return StoreAnswer.Ok(call.Operation == "unsubscribe" ? "{}" : inbox.After(long.Parse(given["after"], CultureInfo.InvariantCulture)));
    }

    private StoreAnswer Publish(string topic, string message, bool toGroups)
    {
        var alive = inboxes.Values.Where(inbox => (!inbox.HasEnded || Spoils(Wrong.AfterTheEnd)) && (inbox.Covers(topic) || Spoils(Wrong.Everything)) && (inbox.Group is not null) == toGroups).ToList();
        var chosen = toGroups ? alive.GroupBy(inbox => inbox.Group).SelectMany(group => group.Take(group.Count() > 1 && Spoils(Wrong.WholeGroup) ? 2 : 1)).ToList() : alive;
        foreach (var inbox in chosen)
        {
            inbox.Hear(topic, message);
            if (Spoils(Wrong.Twice))
            {
                inbox.Hear(topic, message);
            }
            else if (inbox.CanSwap && Spoils(Wrong.Overtaken))
            {
                inbox.Swap();
            }
        }

        return StoreAnswer.Ok($$"""{"here":{{chosen.Count}},"nodes":0,"elsewhere":0}""");
    }

    private bool Spoils(Wrong how)
    {
        var spoils = wrong == how && random.Next(10) == 0;
        Spoiled += spoils ? 1 : 0;
        return spoils;
    }

    private sealed class Inbox(string name, bool isPattern, string? group)
    {
        private readonly List<(string Topic, string Message)> heard = [];
        private int told;

        public string? Group => group;

        public bool HasEnded { get; set; }

        /// <summary>Whether the last two messages have not been told yet.</summary>
        public bool CanSwap => heard.Count - told >= 2;

        public bool Covers(string topic) => isPattern ? Glob.Matches(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(topic)) : name == topic;

        public void Hear(string topic, string message) => heard.Add((topic, message));

        public void Swap() => heard.Reverse(heard.Count - 2, 2);

        public string After(long number)
        {
            told = heard.Count;
            return JsonSerializer.Serialize(new
            {
                last = heard.Count,
                messages = heard.Select((message, at) => new { number = at + 1, topic = message.Topic, text = message.Message }).Where(message => message.number > number),
            });
        }
    }
}
