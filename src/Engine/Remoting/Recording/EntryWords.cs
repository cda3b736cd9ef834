using Cluster.Engine.ControlPlane;
using Cluster.Engine.KeyValue;
using Cluster.Shared.Wire;
using static Cluster.Engine.Remoting.Recording.WireFields;

namespace Cluster.Engine.Remoting.Recording;

/// <summary>Says what one log entry carries, and notes the keys that it changes.</summary>
internal static class EntryWords
{
    public static string Tell(ReadOnlySpan<byte> entry, uint group, KeyList keys) => (EntryKind)NumberIn(entry, Entry.KindFieldNumber) switch
    {
        EntryKind.Noop => "the new leader's first entry",
        EntryKind.Configuration => "a change of the group's members",
        _ => TellCommand(BytesIn(entry, Entry.DataFieldNumber), group, keys),
    };

    private static string TellCommand(ReadOnlySpan<byte> data, uint group, KeyList keys)
    {
        var changed = BytesIn(data, ShardEntry.EventFieldNumber);
        if (changed.IsEmpty)
        {
            return "a reply to be remembered";
        }

        return NumberIn(data, ShardEntry.MachineFieldNumber) switch
        {
            KeyValueMachine.Id => TellKeys(changed, keys),
            ControlMachine.Id => "a decision of the control plane",
            _ when group == 0 => "a decision of the control plane",
            _ => "entity " + keys.Add(BytesIn(changed, EntityEvents.EntityFieldNumber)),
        };
    }

    private static string TellKeys(ReadOnlySpan<byte> events, KeyList keys)
    {
        var words = new List<string>();
        var more = 0;
        var fields = new WireFields(events);
        while (fields.Next())
        {
            if (fields.Field != KvEvents.EventsFieldNumber)
            {
                continue;
            }

            if (words.Count == PartLimits.MaxKeys)
            {
                more++;
                continue;
            }

            var verb = (KvEventKind)NumberIn(fields.Bytes, KvEvent.KindFieldNumber) switch
            {
                KvEventKind.Put => "put",
                KvEventKind.Delete => "delete",
                KvEventKind.ExpirySet => "expire",
                KvEventKind.Expired => "expired",
                KvEventKind.Appended => "append to",
                KvEventKind.Patched => "patch",
                KvEventKind.Cleared => "clear all keys",
                _ => "change",
            };
            var key = BytesIn(fields.Bytes, KvEvent.KeyFieldNumber);
            words.Add(key.IsEmpty ? verb : $"{verb} {keys.Add(key)}");
        }

        return string.Join(", ", words) + (more > 0 ? $" and {more} more" : "");
    }
}
