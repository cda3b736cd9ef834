using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cluster.Engine.Port;
using Cluster.Shared.Results;

namespace Cluster.Modes.LeaderElection;

// Between a node's door and the leader, wherever it lives.

/// <summary>Give me the next ticket.</summary>
/// <param name="Request">The door's own number for it, given back in the answer.</param>
public sealed record TakeTicket(long Request);

/// <summary>Answers <see cref="TakeTicket"/>: the ticket is in the book, on a majority's disks.</summary>
public sealed record TicketTaken(long Request, TicketAssigned Ticket);

/// <summary>Answers <see cref="TakeTicket"/> and <see cref="AskWhoLeads"/>; the code says whether there may be a ticket all the same.</summary>
public sealed record NotServed(long Request, ErrorCode Code, string Why);

/// <summary>Who are you, and under which epoch do you lead?</summary>
public sealed record AskWhoLeads(long Request);

/// <summary>Answers <see cref="AskWhoLeads"/>, by a leader that was sure to be the only one when it wrote this.</summary>
public sealed record Leads(long Request, string Leader, ulong Epoch);

// The book of tickets: an entity, and so replicated, with one order for all.

/// <summary>What a book of tickets can be asked.</summary>
public abstract record TicketCommand;

/// <summary>Assigns the next ticket to a worker, if nobody has written here under a later epoch.</summary>
/// <param name="Epoch">Of the leader that asks.</param>
/// <param name="Worker">The node that is to do the work.</param>
/// <param name="IsUnfenced">Only from a broken variant: the book does not look at epochs.</param>
public sealed record AssignTicket(ulong Epoch, string Leader, string Worker, bool IsUnfenced = false) : TicketCommand;

/// <summary>Asks for the whole <see cref="TicketBook"/>.</summary>
public sealed record ReadTickets : TicketCommand, IEntityQuery;

/// <summary>A ticket was assigned.</summary>
/// <param name="Ticket">From 1, without gaps.</param>
public sealed record TicketAssigned(long Ticket, ulong Epoch, string Leader, string Worker);

/// <summary>Tickets that one leader assigned one after the other.</summary>
/// <param name="First">The first ticket.</param>
/// <param name="Last">The last ticket.</param>
public sealed record Reign(ulong Epoch, string Leader, long First, long Last);

/// <summary>The state of the book, and what <see cref="ReadTickets"/> is answered.</summary>
/// <param name="Next">The number of the next ticket.</param>
/// <param name="Reigns">In the order of their tickets; the last <see cref="TicketDecider.MaxReigns"/>.</param>
public sealed record TicketBook(long Next, ImmutableArray<Reign> Reigns);

/// <summary>How all of it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TakeTicket))]
[JsonSerializable(typeof(TicketTaken))]
[JsonSerializable(typeof(NotServed))]
[JsonSerializable(typeof(AskWhoLeads))]
[JsonSerializable(typeof(Leads))]
[JsonSerializable(typeof(AssignTicket))]
[JsonSerializable(typeof(ReadTickets))]
[JsonSerializable(typeof(TicketAssigned))]
[JsonSerializable(typeof(TicketBook))]
internal sealed partial class ElectionJson : JsonSerializerContext;
