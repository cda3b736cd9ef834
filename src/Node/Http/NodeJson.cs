using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Shared.Http;

namespace Cluster.Node.Http;

/// <summary>JSON of every HTTP body, generated at build time: nothing is reflected at start, and a type that is not listed here cannot be sent.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, AllowDuplicateProperties = false, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(IReadOnlyList<MemberView>))]
[JsonSerializable(typeof(IReadOnlyList<ShardView>))]
[JsonSerializable(typeof(IReadOnlyList<LinkFaultView>))]
[JsonSerializable(typeof(LinkFaultView[]))]
[JsonSerializable(typeof(DiskFaultView))]
[JsonSerializable(typeof(ClockFaultView))]
[JsonSerializable(typeof(DiagnosisView))]
[JsonSerializable(typeof(PlacementPlanView))]
[JsonSerializable(typeof(ErrorView))]
[JsonSerializable(typeof(ReadinessView))]
[JsonSerializable(typeof(ScanView))]
[JsonSerializable(typeof(IncrementView))]
[JsonSerializable(typeof(CompareAndSetRequest))]
[JsonSerializable(typeof(CompareAndSetView))]
[JsonSerializable(typeof(PublishView))]
[JsonSerializable(typeof(IReadOnlyList<TopicView>))]
[JsonSerializable(typeof(TopicMessageView))]
[JsonSerializable(typeof(IReadOnlyList<ModeView>))]
internal sealed partial class NodeJson : JsonSerializerContext;
