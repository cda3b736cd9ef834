using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Client.Doctor;
using Cluster.Client.Locks;
using Cluster.Client.Nodes;
using Cluster.Lab.Benchmarks.Modes;
using Cluster.Lab.Benchmarks.Reports;
using Cluster.Lab.Certificates;
using Cluster.Lab.Surveys;
using Cluster.Shared.Http;

namespace Cluster.Client.Output;

/// <summary>What the console prints with <c>-o json</c>. Scripts rely on the names: fields are added, never renamed.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(IReadOnlyList<CertificateReport>))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(PlacementPlanView))]
[JsonSerializable(typeof(IReadOnlyList<ModeEntry>))]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(IReadOnlyList<ModeFigure>))]
[JsonSerializable(typeof(LockGrant))]
[JsonSerializable(typeof(LockStanding))]
[JsonSerializable(typeof(IReadOnlyList<TopicView>))]
internal sealed partial class ConsoleJson : JsonSerializerContext;
