using System.Buffers;
using System.Text;
using Cluster.Engine.Actors.Remote;
using Cluster.Engine.Port;
using Cluster.Shared.Wire;
using Google.Protobuf;

namespace Cluster.Engine.Tests.Actors;

/// <summary>Messages, references and asks between two systems, through real bytes.</summary>
public sealed class RemoteTests
{
    private readonly RemotePair pair = new();
    private readonly List<object> log = [];

    public RemoteTests()
    {
        pair.Registry
            .Register("test.introduce", 1, RemoteMessagesJson.Default.Introduce)
            .Register("test.greet", 2, RemoteMessagesJson.Default.Greet)
            .Upcast("test.greet", 1, RemoteMessagesJson.Default.OldGreet, old => new Greet($"{old.First} {old.Last}"))
            .Register("test.hello", 1, Hello.Parser);
    }

    [Fact]
    public void A_message_crosses_and_the_answer_comes_back()
    {
        var echo = pair.B.ActorOf(TestActor.Props((self, message) => self.Sender.Tell(message, self.Self)), "echo");
        var asker = pair.A.ActorOf(TestActor.Props((self, message) =>
        {
            if (message is IActorRef there)
            {
                there.Tell(new Greet("hi"), self.Self);
            }
            else
            {
                log.Add(message);
                log.Add(self.Sender);
            }
        }));
        var remote = pair.A.Resolve(RemotePair.Wire(echo, pair.B));
        asker.Tell(remote);
        pair.Settle();
        Assert.Equal([new Greet("hi"), remote], log);
    }

    [Fact]
    public async Task An_ask_crosses()
    {
        pair.B.ActorOf(TestActor.Props((self, message) => self.Sender.Tell(new Greet(((Greet)message).Text + " too"))), "echo");
        var ask = pair.A.Resolve("cluster://n2@127.0.0.1:4054/user/echo").Ask<Greet>(new Greet("hi"), TimeSpan.FromSeconds(1));
        pair.Settle();
        Assert.Equal("hi too", (await ask).Text);
        Assert.Equal(0, pair.A.Promises.Count);
    }

    [Fact]
    public async Task An_ask_is_found_by_its_own_path_only()
    {
        string? from = null;
        var silent = pair.B.ActorOf(TestActor.Props((self, _) => from = self.Sender.Path.ToSerializationFormat(null)), "silent");
        var ask = pair.A.Resolve(RemotePair.Wire(silent, pair.B)).Ask<Greet>(new Greet("hi"), TimeSpan.FromSeconds(1));
        pair.Settle();
        var path = ActorPath.Parse(from!).WithAddress(null);
        string[] others = [path.WithUid(path.Uid - 1).ToSerializationFormat(null), path.Elements + "0", path.Elements + "#", path.Elements + "/a"];
        foreach (var other in others)
        {
            Deliver(Greeting(other));
        }

        Assert.False(ask.IsCompleted);
        Assert.Equal(others.Length, pair.A.DeadLetterCount);
        Deliver(Greeting(path.ToSerializationFormat(null)));
        Assert.Equal("a", (await ask).Text);
        Assert.Equal(0, pair.A.Promises.Count);
    }

    [Theory]
    [InlineData("/temp/$1#2")]
    [InlineData("nonsense/temp/$1#2")]
    [InlineData("cluster://n9/temp/$1#2")]
    [InlineData("cluster://n9@127.0.0.1:4060/user/temp/$1#2")]
    [InlineData("cluster://n9@127.0.0.1:4060/temp/$1#x")]
    [InlineData("cluster://n9@127.0.0.1:4060/temp/$99999999999999999999#2")]
    public void A_message_arrives_whatever_ask_it_claims_to_be_from(string from)
    {
        Deliver(Greeting(RecorderPath(), from));
        Assert.Equal([new Greet("a")], log);
    }

    [Fact]
    public void A_reference_inside_a_message_works_on_the_other_side_and_comes_home_as_the_local_one()
    {
        var friend = Recorder();
        pair.B.ActorOf(TestActor.Props((self, message) =>
        {
            var introduced = ((Introduce)message).Friend;
            introduced.Tell(new Greet("nice to meet you"), self.Self);
            introduced.Tell(message, self.Self);
        }), "host");
        pair.A.Resolve("cluster://n2@127.0.0.1:4054/user/host").Tell(new Introduce("this is", friend));
        pair.Settle();
        Assert.Equal(new Greet("nice to meet you"), log[0]);
        Assert.Same(friend, Assert.IsType<Introduce>(log[1]).Friend);
    }

    [Fact]
    public void Protobuf_messages_cross()
    {
        pair.A.Resolve(RemotePair.Wire(Recorder(pair.B), pair.B)).Tell(new Hello { Cluster = "lab", Node = 3 });
        pair.Settle();
        Assert.Equal(3u, Assert.IsType<Hello>(Assert.Single(log)).Node);
    }

    [Fact]
    public void An_older_version_is_read_as_what_it_became()
    {
        Deliver(new ActorEnvelope { To = RecorderPath(), Type = "test.greet", Version = 1, Payload = ByteString.CopyFromUtf8("""{"First":"a","Last":"b"}""") });
        Assert.Equal([new Greet("a b")], log);
    }

    [Theory]
    [InlineData("test.greet", 2u, "{not json")]
    [InlineData("test.greet", 2u, "null")]
    [InlineData("test.greet", 9u, "{}")]
    [InlineData("test.nothing", 1u, "{}")]
    [InlineData("", 0u, "")]
    [InlineData("test.introduce", 1u, """{"Text":"a","Friend":"not a path"}""")]
    [InlineData("test.introduce", 1u, """{"Text":"a","Friend":5}""")]
    [InlineData("test.hello", 1u, "\u0001\u0002\u0003")]
    public void What_cannot_be_read_is_a_dead_letter_and_no_exception(string type, uint version, string payload)
    {
        Deliver(new ActorEnvelope { To = RecorderPath(), Type = type, Version = version, Payload = ByteString.CopyFromUtf8(payload) });
        Assert.Empty(log);
        Assert.Equal(1, pair.A.DeadLetterCount);
    }

    [Fact]
    public void Random_bytes_are_dead_letters_and_no_exception()
    {
        var random = new Random(5);
        var inbox = pair.InboxOf(pair.A);
        var sound = Greeting(RecorderPath(), "x").ToByteArray();
        for (var i = 0; i < 5000; i++)
        {
            var bytes = (byte[])sound.Clone();
            for (var flips = random.Next(1, 8); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            inbox.Deliver(new ReadOnlySequence<byte>(bytes, 0, random.Next(bytes.Length + 1)));
        }

        pair.Settle();
        Assert.True(pair.A.DeadLetterCount > 4000);
    }

    [Theory]
    [InlineData("/user/nobody")]
    [InlineData("no path")]
    [InlineData("/temp/$77")]
    [InlineData("cluster://n3@127.0.0.1:4055/user/a")]
    public void A_message_without_a_receiver_here_is_a_dead_letter(string to)
    {
        Deliver(Greeting(to));
        Assert.Equal(1, pair.A.DeadLetterCount);
    }

    [Fact]
    public void What_cannot_leave_is_a_dead_letter_with_the_reason()
    {
        var reasons = new List<string>();
        pair.A.EventStream.Subscribe(pair.A.ActorOf(TestActor.Props((_, message) => reasons.Add(((DeadLetter)message).Reason))), typeof(DeadLetter));
        pair.A.Resolve("cluster://n2@127.0.0.1:4054/user/a").Tell(new Unregistered(1));
        pair.A.Resolve("cluster://n9@127.0.0.1:4060/user/a").Tell(new Greet("hi"));
        pair.Settle();
        Assert.Equal(["Unregistered is not registered as a message between nodes", "no route to n9@127.0.0.1:4060"], reasons);
    }

    [Fact]
    public void A_payload_over_the_bound_does_not_leave()
    {
        var small = new MessageRegistry { MaxPayloadBytes = 20 }.Register("test.greet", 2, RemoteMessagesJson.Default.Greet);
        Assert.False(small.TryEncode(new Greet(new string('a', 20)), out _, out var error));
        Assert.Contains("more than 20", error, StringComparison.Ordinal);
        var payload = Encoding.UTF8.GetBytes($$"""{"Text":"{{new string('a', 20)}}"}""");
        Assert.False(small.TryDecode(new EncodedMessage("test.greet", 2, payload), out _, out _));
    }

    [Fact]
    public void One_type_id_means_one_thing() =>
        Assert.Throws<ArgumentException>(() => pair.Registry.Register("test.other", 1, RemoteMessagesJson.Default.Greet));

    [Fact]
    public void A_message_meant_for_a_former_life_is_a_dead_letter()
    {
        var first = pair.B.ActorOf(TestActor.Props((_, message) => log.Add(message)), "name");
        var old = pair.A.Resolve(RemotePair.Wire(first, pair.B));
        first.Tell(PoisonPill.Instance);
        pair.Settle();
        pair.B.ActorOf(TestActor.Props((_, message) => log.Add(message)), "name");
        old.Tell(new Greet("old"));
        pair.A.Resolve("cluster://n2@127.0.0.1:4054/user/name").Tell(new Greet("new"));
        pair.Settle();
        Assert.Equal([new Greet("new")], log);
        Assert.Equal(1, pair.B.DeadLetterCount);
    }

    [Fact]
    public void A_cached_path_leads_to_the_next_life_of_its_name()
    {
        var byName = pair.A.Resolve("cluster://n2@127.0.0.1:4054/user/name");
        for (var life = 0; life < 3; life++)
        {
            var actor = pair.B.ActorOf(TestActor.Props((_, message) => log.Add(message)), "name");
            byName.Tell(new Greet($"life {life}"));
            pair.Settle();
            actor.Tell(PoisonPill.Instance);
            pair.Settle();
        }

        Assert.Equal(3, log.Count);
    }

    [Fact]
    public void A_remote_actor_is_stopped_by_a_poison_pill()
    {
        var stopped = false;
        var actor = pair.B.ActorOf(TestActor.Props(new TestActor.Hooks { PostStop = _ => stopped = true }));
        pair.A.Stop(pair.A.Resolve(RemotePair.Wire(actor, pair.B)));
        pair.Settle();
        Assert.True(stopped);
    }

    private IActorRef Recorder(Engine.Actors.ActorSystem? system = null) =>
        (system ?? pair.A).ActorOf(TestActor.Props((_, message) => log.Add(message)));

    private string RecorderPath() => Recorder().Path.ToString();

    private static ActorEnvelope Greeting(string to, string from = "") =>
        new() { To = to, From = from, Type = "test.greet", Version = 2, Payload = ByteString.CopyFromUtf8("""{"Text":"a"}""") };

    private void Deliver(ActorEnvelope envelope)
    {
        pair.InboxOf(pair.A).Deliver(new ReadOnlySequence<byte>(envelope.ToByteArray()));
        pair.Settle();
    }
}
