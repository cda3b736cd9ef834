namespace Cluster.Engine.Sharding;

/// <summary>Which session wrote longest ago: a list threaded through the slots, in log order.</summary>
internal sealed partial class SessionTable
{
    /// <summary>Finds or makes the session's slot and puts it last in the order of forgetting.</summary>
    private int Touch(ulong session)
    {
        if (bySession.TryGetValue(session, out var at))
        {
            if (at != newest)
            {
                Unlink(at);
                LinkNewest(at);
            }

            return at;
        }

        if (bySession.Count >= options.MaxSessions)
        {
            EvictOldest();
        }

        at = TakeSlot();
        slots[at] = new Slot { Session = session };
        bySession.Add(session, at);
        hash += slots[at].Digest();
        LinkNewest(at);
        return at;
    }

    private int TakeSlot()
    {
        if (free != None)
        {
            var taken = free;
            free = slots[taken].Newer;
            return taken;
        }

        if (used == slots.Length)
        {
            Array.Resize(ref slots, used * 2);
        }

        return used++;
    }

    private void EvictOldest()
    {
        var at = oldest;
        ref var slot = ref slots[at];
        hash -= slot.Digest();
        for (var i = 0; i < slot.ReplyCount; i++)
        {
            Uncount(slot.Session, slot.SequenceAt(i), slot.ReplyAt(i));
        }

        Unlink(at);
        bySession.Remove(slot.Session);
        slot = new Slot { Newer = free };
        free = at;
    }

    private void LinkNewest(int at)
    {
        slots[at].Older = newest;
        slots[at].Newer = None;
        if (newest == None)
        {
            oldest = at;
        }
        else
        {
            slots[newest].Newer = at;
        }

        newest = at;
    }

    private void Unlink(int at)
    {
        var (older, newer) = (slots[at].Older, slots[at].Newer);
        if (older == None)
        {
            oldest = newer;
        }
        else
        {
            slots[older].Newer = newer;
        }

        if (newer == None)
        {
            newest = older;
        }
        else
        {
            slots[newer].Older = older;
        }
    }
}
