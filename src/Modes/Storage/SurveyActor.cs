using Cluster.Engine.Port;
using Cluster.Modes.Hosting;

namespace Cluster.Modes.Storage;

/// <summary>The X-ray of a key: asks the doors of several nodes one question, and answers the client when all have answered, or when whoever can be heard has. A child of its node's door.</summary>
/// <typeparam name="TAnswer">What a door answers.</typeparam>
internal abstract class SurveyActor<TAnswer>(IModeNode node, object question, IActorRef client) : Actor
    where TAnswer : class
{
    /// <summary>Whoever is heard has answered by then; of the others that is the answer.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, TAnswer> told = new(StringComparer.Ordinal);
    private IReadOnlyList<string> asked = [];

    /// <summary>Names of the nodes that are to be asked, in the order in which they are shown: every member that is up, unless a mode knows better.</summary>
    protected virtual IReadOnlyList<string> Asked => [.. node.Members.Current.Where(member => member.IsUp).Select(member => member.Name.ToString())];

    protected abstract string NameOf(TAnswer answer);

    /// <param name="asked">The names of those who were asked.</param>
    /// <param name="told">What each said, by name; of the others there is nothing.</param>
    protected abstract KeyWhereabouts Conclude(IReadOnlyList<string> asked, IReadOnlyDictionary<string, TAnswer> told);

    protected override void PreStart()
    {
        asked = Asked;
        var door = Self.Path.Parent!;
        foreach (var member in node.Members.Current.Where(member => asked.Contains(member.Name.ToString())))
        {
            Context.System.Resolve(door.WithAddress(new ActorAddress(member.Name, member.Address)).ToString()).Tell(question, Self);
        }

        Timers.StartSingle(nameof(Enough), Enough, Enough);
    }

    protected override void Receive(object message)
    {
        if (message is TAnswer answer)
        {
            told[NameOf(answer)] = answer;
            if (told.Count < asked.Count)
            {
                return;
            }
        }

        client.Tell(ModeAnswer.Ok(Conclude(asked, told), StorageJson.Default.KeyWhereabouts), Self);
        Context.Stop(Self);
    }
}
