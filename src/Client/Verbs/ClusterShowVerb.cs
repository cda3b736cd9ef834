namespace Cluster.Client.Verbs;

/// <summary><c>lab status</c> under the name that pbm gives it.</summary>
internal sealed class ClusterShowVerb() : StatusVerb("show");
