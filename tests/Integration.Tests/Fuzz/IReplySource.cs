namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>Provides the replies of a server over a real connection.</summary>
internal interface IReplySource
{
    /// <summary>Creates the bytes that replace the reply to a request.</summary>
    /// <param name="request">The bytes of the request.</param>
    ScriptedServer.ScriptedReply CreateReply(byte[] request);

    /// <summary>Called when the reply has been sent; for an endless reply, after each part.</summary>
    /// <param name="reply">The reply.</param>
    void OnSent(ScriptedServer.ScriptedReply reply);
}
