using Microsoft.Extensions.Options;
using ThriftBreaker.Hosting.Configuration;

namespace ThriftBreaker.Hosting.Clients;

/// <summary>
/// Creates the exceptions for options that are not valid. Each has one sentence, which names the client or the key.
/// </summary>
internal static class ClientOptionsErrors
{
    public static OptionsValidationException Create(string client, string sentence) => new(client, typeof(ThriftClientOptions), [sentence]);

    /// <summary>Creates the exception for a value that is out of range, assigned by an action of the user.</summary>
    public static OptionsValidationException CreateForAction(string client, ArgumentException error)
    {
        var subject = SettingTables.Channel.Keys.Contains(error.ParamName ?? "") ? "The channel of the client" : "The client";
        return Create(client, $"{subject} '{client}' cannot be made of {ClientSection.GetPath(client)} and code: {SettingText.GetSentence(error)}");
    }

    public static OptionsValidationException CreateForChannel(string client, ArgumentException error)
        => Create(client, $"The channel of the client '{client}' cannot be made of {ClientSection.GetPath(client)} and code: {SettingText.GetSentence(error)}");

    /// <summary>Creates the exception for settings that are valid one by one and contradict each other.</summary>
    public static OptionsValidationException CreateForContradiction(string client, string circuitBreaker, ArgumentException error) => Create(
        client,
        $"The settings of the circuit breaker '{circuitBreaker}', of its attribute, {ClientSection.GetPath(client)} and code together, contradict each other: {SettingText.GetSentence(error)}");
}
