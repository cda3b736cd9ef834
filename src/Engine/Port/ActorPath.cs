using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Cluster.Engine.Port;

/// <summary>
/// Where an actor stands in the tree: <c>/user/a/b</c>, or with its node <c>cluster://n1@127.0.0.1:4053/user/a/b</c>.
/// The uid tells two lives of one name apart; as in Akka it is no part of a path's equality, only of a reference's.
/// </summary>
public sealed class ActorPath : IEquatable<ActorPath>
{
    /// <summary>Longest path that is accepted from elsewhere, in characters: far above any real one, so that a hostile one costs little.</summary>
    public const int MaxLength = 2048;

    /// <summary>Longest name of one actor, in characters.</summary>
    public const int MaxNameLength = 256;

    /// <summary>The top of every tree.</summary>
    public static readonly ActorPath Root = new(null, "/", 0);

    private const string Scheme = "cluster://";

    private ActorPath(ActorAddress? address, string elements, long uid)
    {
        Address = address;
        Elements = elements;
        Uid = uid;
    }

    /// <summary>The node, or null for "in this system".</summary>
    public ActorAddress? Address { get; }

    /// <summary>The path alone, without node and uid: <c>/user/a/b</c>.</summary>
    public string Elements { get; }

    /// <summary>Which life of the name is meant; 0 for whichever is there.</summary>
    public long Uid { get; }

    /// <summary>The last element.</summary>
    public string Name => Elements[(Elements.LastIndexOf('/') + 1)..];

    /// <summary>The path one level up, without uid; null at the top.</summary>
    public ActorPath? Parent => Elements.Length == 1
        ? null
        : new ActorPath(Address, Elements.LastIndexOf('/') is var slash && slash == 0 ? "/" : Elements[..slash], 0);

    public ActorPath Child(string name, long uid = 0) =>
        new(Address, Elements.Length == 1 ? "/" + name : Elements + "/" + name, uid);

    public ActorPath WithAddress(ActorAddress? address) => new(address, Elements, Uid);

    public ActorPath WithUid(long uid) => new(Address, Elements, uid);

    /// <exception cref="FormatException">The text is not an actor path.</exception>
    public static ActorPath Parse(string text) => TryParse(text, out var path)
        ? path
        : throw new FormatException($"'{text}' is not an actor path: write /user/name or {Scheme}n1@127.0.0.1:4053/user/name");

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ActorPath? path)
    {
        path = null;
        if (text is null || text.Length > MaxLength)
        {
            return false;
        }

        ActorAddress? address = null;
        if (text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            var slash = text.IndexOf('/', Scheme.Length);
            if (slash < 0 || !ActorAddress.TryParse(text[Scheme.Length..slash], out address))
            {
                return false;
            }

            text = text[slash..];
        }

        var uid = 0L;
        var hash = text.LastIndexOf('#');
        if (hash >= 0)
        {
            if (!long.TryParse(text.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out uid))
            {
                return false;
            }

            text = text[..hash];
        }

        if (text != "/" && !AreElements(text))
        {
            return false;
        }

        path = new ActorPath(address, text, uid);
        return true;
    }

    /// <summary>Whether a name may stand in a path: 1 to 256 visible ASCII characters, none of <c>/ # ? %</c>.</summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxNameLength)
        {
            return false;
        }

        foreach (var c in name)
        {
            if (c is <= ' ' or > '~' or '/' or '#' or '?' or '%')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The form that another node understands: with the uid, and with <paramref name="local"/> as the node if the path names none.</summary>
    public string ToSerializationFormat(ActorAddress? local)
    {
        var text = WithAddress(Address ?? local).ToString();
        return Uid == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}#{Uid}");
    }

    public bool Equals(ActorPath? other) =>
        other is not null && string.Equals(Elements, other.Elements, StringComparison.Ordinal) && Equals(Address, other.Address);

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode() => HashCode.Combine(Elements, Address);

    public override string ToString() => Address is null ? Elements : $"{Scheme}{Address}{Elements}";

    private static bool AreElements(string text)
    {
        if (text.Length < 2 || text[0] != '/')
        {
            return false;
        }

        foreach (var range in text.AsSpan(1).Split('/'))
        {
            if (!IsName(text.AsSpan(1)[range]))
            {
                return false;
            }
        }

        return true;
    }
}
