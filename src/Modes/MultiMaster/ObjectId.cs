namespace Cluster.Modes.MultiMaster;

/// <summary>
/// A key with the type of what it holds. Two sides of a partition can make one key of two types; such objects cannot be merged, so they stay two, and whoever asks for the key is told.
/// </summary>
public readonly record struct ObjectId(string Key, ObjectType Type) : IComparable<ObjectId>
{
    public int CompareTo(ObjectId other) => string.CompareOrdinal(Key, other.Key) is var order && order != 0 ? order : Type.CompareTo(other.Type);

    public static bool operator <(ObjectId one, ObjectId other) => one.CompareTo(other) < 0;

    public static bool operator >(ObjectId one, ObjectId other) => one.CompareTo(other) > 0;

    public static bool operator <=(ObjectId one, ObjectId other) => one.CompareTo(other) <= 0;

    public static bool operator >=(ObjectId one, ObjectId other) => one.CompareTo(other) >= 0;
}
