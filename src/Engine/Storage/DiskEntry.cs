namespace Cluster.Engine.Storage;

/// <summary>One file or folder inside a folder of an <see cref="IDisk"/>. <paramref name="Name"/> is relative to the data directory.</summary>
/// <param name="LengthBytes">0 for a folder.</param>
public readonly record struct DiskEntry(string Name, bool IsFolder, long LengthBytes);
