namespace Cluster.Engine.ControlPlane;

/// <summary>
/// The newest state of the control plane that this node has applied. Group 0's machine publishes it, also when a snapshot puts another machine in its
/// place; everybody on the node reads it from here. It never goes back.
/// </summary>
internal sealed class ControlViews
{
    private readonly Lock gate = new();
    private ControlView current = ControlView.Empty;

    public ControlView Current => Volatile.Read(ref current);

    /// <summary>Called with each newer view, on the thread that applied it.</summary>
    public Action<ControlView>? Changed { get; set; }

    public void Publish(ControlView view)
    {
        lock (gate)
        {
            if (view.Epoch <= current.Epoch)
            {
                return;
            }

            Volatile.Write(ref current, view);
        }

        Changed?.Invoke(view);
    }
}
