namespace Cluster.Shared.Certificates;

/// <summary>A certificate, key or authority cannot be used. The message says which file, what is wrong with it, and what to do.</summary>
public sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
