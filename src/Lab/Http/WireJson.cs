using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Lab.Processes;
using Cluster.Shared.Files;
using Cluster.Shared.Http;

namespace Cluster.Lab.Http;

/// <summary>The shapes that go over HTTP and into files, compiled ahead: the console starts faster without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(ErrorView))]
[JsonSerializable(typeof(ReadinessView))]
[JsonSerializable(typeof(CompareAndSetRequest))]
[JsonSerializable(typeof(ScanView))]
[JsonSerializable(typeof(IReadOnlyList<LinkFaultView>))]
[JsonSerializable(typeof(DiskFaultView))]
[JsonSerializable(typeof(ClockFaultView))]
[JsonSerializable(typeof(DiagnosisView))]
[JsonSerializable(typeof(PlacementPlanView))]
[JsonSerializable(typeof(ClusterEventView))]
[JsonSerializable(typeof(IReadOnlyList<ClusterEventView>))]
[JsonSerializable(typeof(PublishView))]
[JsonSerializable(typeof(IReadOnlyList<TopicView>))]
[JsonSerializable(typeof(TopicMessageView))]
[JsonSerializable(typeof(RecordingRequest))]
[JsonSerializable(typeof(RecordingView))]
[JsonSerializable(typeof(MessageRecordView))]
[JsonSerializable(typeof(IReadOnlyList<ModeView>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(ClusterFile))]
[JsonSerializable(typeof(LaunchPlan))]
public sealed partial class WireJson : JsonSerializerContext;
