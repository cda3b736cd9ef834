using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cluster.Node;

/// <summary>Where the doors listen. Right once the host has started: a port given as 0 is known only then.</summary>
public sealed class FrontDoorPorts
{
    private ListenOptions? http;
    private ListenOptions? resp;

    /// <summary>HTTP's address and actual port.</summary>
    public IPEndPoint Http => (http ?? throw NotYet()).IPEndPoint!;

    /// <summary>RESP's address and actual port.</summary>
    public IPEndPoint Resp => (resp ?? throw NotYet()).IPEndPoint!;

    internal void Listen(ListenOptions httpDoor, ListenOptions respDoor) => (http, resp) = (httpDoor, respDoor);

    private static InvalidOperationException NotYet() => new("the doors' ports are known when the host has started");
}
