namespace Cluster.Engine.Actors;

/// <summary>Why a message became a dead letter, in the words that logs show.</summary>
internal static class DeadLetterReasons
{
    public const string Stopped = "the actor has stopped";
    public const string NoSuchActor = "there is no such actor";
    public const string MailboxFull = "the mailbox is full";
    public const string SentToDeadLetters = "it was sent to dead letters";
    public const string AskEnded = "the ask was answered already, or timed out";
    public const string NotThisNode = "its path names another node";
    public const string NoRemoting = "this system has no link to other nodes";
}
