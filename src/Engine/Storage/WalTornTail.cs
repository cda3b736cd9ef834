namespace Cluster.Engine.Storage;

/// <summary>
/// A last batch that did not verify and had nothing after it: a write that a crash cut short, which nobody was told of. (A bit that flipped in
/// the last batch looks the same; see README.md in this folder.) It was overwritten with zeros.
/// </summary>
/// <param name="Offset">Where the good part of the file ends.</param>
/// <param name="Bytes">From there to the last byte that was not zero.</param>
public sealed record WalTornTail(string Path, long Offset, long Bytes);
