namespace Cluster.Lab.Histories.Foreign;

/// <summary>A keyword or a symbol, without its colon.</summary>
internal sealed record EdnName(string Name)
{
    public override string ToString() => Name;
}
