using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Creates the exceptions for options that are not valid. Each has one sentence, which names the client or the key.
/// </summary>
internal static class ClientOptionsErrors
{
    private const string Thrown = "ThriftBreaker.Thrown";
    private const string NoEndpoint = "ThriftBreaker.NoEndpoint";

    /// <summary>Gets the exception of the user's code that made options invalid; null if there was none.</summary>
    public static Exception? GetThrown(Exception error) => error.Data[Thrown] as Exception;

    /// <summary>Gets whether a client cannot be created because it has no endpoint.</summary>
    public static bool IsNoEndpoint(Exception error) => error.Data.Contains(NoEndpoint);

    public static OptionsValidationException Create(string client, string sentence) => new(client, typeof(ThriftClientOptions), [sentence]);

    /// <summary>Creates the exception for an action of the user that threw, mostly for a value out of range.</summary>
    public static OptionsValidationException CreateForAction(string client, ArgumentException error)
    {
        var subject = SettingTables.Channel.Keys.Contains(error.ParamName ?? "") ? "The channel of the client" : "The client";
        return CreateForUserCode(client, $"{subject} '{client}' cannot be made of {ClientSection.GetPath(client)} and code: {SettingText.GetSentence(error)}", error);
    }

    /// <summary>Creates the exception for a source of endpoints that cannot be created.</summary>
    public static OptionsValidationException CreateForSource(string client, ArgumentException error)
        => CreateForUserCode(client, $"The source of endpoints of the client '{client}' cannot be created: {SettingText.GetSentence(error)}", error);

    public static OptionsValidationException CreateForChannel(string client, ArgumentException error)
        => Create(client, $"The channel of the client '{client}' cannot be made of {ClientSection.GetPath(client)} and code: {SettingText.GetSentence(error)}");

    /// <summary>Creates the exception for settings that are valid one by one and contradict each other.</summary>
    public static OptionsValidationException CreateForContradiction(string client, string circuitBreaker, ArgumentException error) => Create(
        client,
        $"The settings of the circuit breaker '{circuitBreaker}', of its attribute, {ClientSection.GetPath(client)} and code together, contradict each other: {SettingText.GetSentence(error)}");

    public static OptionsValidationException CreateForNoEndpoint(string client)
    {
        var error = Create(
            client,
            $"The client '{client}' has no endpoint: name it in AddThriftClient, or in the configuration, as {ClientSection.GetPath(client)}:Endpoints:0 = host:port.");
        error.Data[NoEndpoint] = true;
        return error;
    }

    /// <summary>
    /// Creates the exception for changed settings that a new channel could use, and the one in use cannot.
    /// </summary>
    public static OptionsValidationException CreateForConnectionsInUse(string client, string circuitBreaker, ArgumentException error) => Create(
        client,
        $"The settings of the circuit breaker '{circuitBreaker}', of {ClientSection.GetPath(client)} and code, contradict those of the connections, which stay until the app starts again: {SettingText.GetSentence(error)}");

    /// <summary>
    /// Creates an exception whose text has the form of one with an inner exception, which leads to the statement of the
    /// user: the class has no constructor with an inner exception.
    /// </summary>
    private static OptionsValidationException CreateForUserCode(string client, string sentence, Exception thrown)
    {
        var error = Create(client, sentence);
        error.Data[Thrown] = thrown;
        return (OptionsValidationException)ExceptionDispatchInfo.SetRemoteStackTrace(
            error, $" ---> {thrown}{Environment.NewLine}   --- End of inner exception stack trace ---");
    }
}
