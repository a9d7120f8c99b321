namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>What a server on a real wire says.</summary>
internal interface IAnswer
{
    /// <summary>What comes in the place of the reply to a request.</summary>
    /// <param name="request">As it came.</param>
    ScriptedServer.Script To(byte[] request);

    /// <summary>It has been sent; of what has no end, more than the client asked for.</summary>
    /// <param name="script">What that was.</param>
    void Given(ScriptedServer.Script script);
}
