using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>
/// The names of the runtime and the framework as generated code writes them: always from the root, because contracts are free
/// to call their own types <c>Task</c>, <c>System</c> or <c>Type</c>.
/// </summary>
internal static class Names
{
    public const string CircuitBreaker = "global::" + RuntimeNames.CircuitBreaker;
    public const string Ticket = "global::" + RuntimeNames.Ticket;
    public const string Options = "global::" + RuntimeNames.Options;
    public const string Endpoint = "global::" + RuntimeNames.Endpoint;
    public const string Channel = "global::" + RuntimeNames.Channel;
    public const string ConnectingClient = "global::" + RuntimeNames.ConnectingClient;
    public const string Pipeline = "global::" + RuntimeNames.Pipeline;
    public const string ChannelOptions = "global::" + RuntimeNames.ChannelOptions;
    public const string Guard = "global::" + RuntimeNames.Guard;
    public const string GeneratedClientHelpers = "global::" + RuntimeNames.GeneratedClientHelpers;
    public const string ThriftMethod = "global::" + RuntimeNames.ThriftMethod;
    public const string ChannelCalls = "global::" + RuntimeNames.ChannelCalls;

    public const string AsyncDisposable = "global::System.IAsyncDisposable";
    public const string Disposable = "global::System.IDisposable";
    public const string ValueTask = "global::System.Threading.Tasks.ValueTask";
    public const string Exception = "global::System.Exception";
    public const string NullArgument = "global::System.ArgumentNullException";
    public const string Type = "global::System.Type";
    public const string Func = "global::System.Func";
    public const string TimeSpan = "global::System.TimeSpan";

    /// <summary>The function that gives the circuits of a client which has several.</summary>
    public static string Breakers { get; } = $"{Func}<{Options}, {CircuitBreaker}>";

    /// <summary>
    /// What a written class says of itself: whose it is, and that it need not be covered by its user's tests. (The version is not the
    /// assembly's: a release that changes nothing should leave the generated code as it is. And a debugger may step into it.)
    /// </summary>
    public static string[] OfGeneratedClass { get; } =
    [
        $"[global::System.CodeDom.Compiler.GeneratedCode(\"{GeneratedCodeTool.Name}\", \"0.1\")]",
        "[global::System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverage]",
    ];
}
