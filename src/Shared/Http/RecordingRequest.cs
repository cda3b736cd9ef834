namespace Cluster.Shared.Http;

/// <summary>Body of <c>PUT /admin/recording</c>.</summary>
/// <param name="On">True: messages are recorded from now on, after those recorded before are forgotten, unless it is on already. False: what was recorded stays to be read.</param>
public sealed record RecordingRequest(bool On);
