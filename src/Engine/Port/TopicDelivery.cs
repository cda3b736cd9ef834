using Google.Protobuf;

namespace Cluster.Engine.Port;

/// <summary>One message on its way to the subscribers of one filter on one node: the same object for all of them, so that what each of them makes of it is made once.</summary>
public sealed class TopicDelivery
{
    private readonly Func<object?> decode;
    private object? form;
    private List<object>? otherForms;
    private object? message;

    /// <param name="decode">Reads the payload of a record; gives null for one that cannot be read here.</param>
    internal TopicDelivery(TopicFilter filter, ByteString topic, ByteString payload, string type, Func<object?> decode)
    {
        (Filter, Topic, Payload, Type) = (filter, topic, payload, type);
        this.decode = decode;
    }

    /// <summary>What the subscription is to that hears it.</summary>
    public TopicFilter Filter { get; }

    public ByteString Topic { get; }

    /// <summary>The message's bytes: of a record, its JSON.</summary>
    public ByteString Payload { get; }

    /// <summary>Stable type id of a record; empty for plain bytes.</summary>
    public string Type { get; }

    /// <summary>The record that was published; for plain bytes, and for a record that this node has no type for, <see cref="TopicBytes"/>.</summary>
    public object Message => message ??= (Type.Length == 0 ? null : decode()) ?? new TopicBytes(Topic, Payload);

    /// <summary>The message in the words of one kind of subscriber, made by the first of them that asks; each kind's is of a type of its own. Called one at a time.</summary>
    public T Form<T>(Func<TopicDelivery, T> make)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(make);
        if (form is T made)
        {
            return made;
        }

        if (otherForms?.OfType<T>().FirstOrDefault() is { } other)
        {
            return other;
        }

        made = make(this);
        if (form is null)
        {
            form = made;
        }
        else
        {
            (otherForms ??= []).Add(made); // As many as there are doors.
        }

        return made;
    }
}
