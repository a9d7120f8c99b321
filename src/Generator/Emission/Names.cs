using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>
/// Contains the names of the runtime and the framework as generated code uses them: always from the root, because
/// contracts may call their own types <c>Task</c>, <c>System</c> or <c>Type</c>.
/// </summary>
internal static class Names
{
    public const string CircuitBreaker = "global::" + RuntimeNames.CircuitBreaker;
    public const string Options = "global::" + RuntimeNames.Options;
    public const string Endpoint = "global::" + RuntimeNames.Endpoint;
    public const string Channel = "global::" + RuntimeNames.Channel;
    public const string ConnectingClient = "global::" + RuntimeNames.ConnectingClient;
    public const string Pipeline = "global::" + RuntimeNames.Pipeline;
    public const string ChannelOptions = "global::" + RuntimeNames.ChannelOptions;
    public const string CallInvoker = "global::" + RuntimeNames.CallInvoker;
    public const string CallerContext = "global::" + RuntimeNames.CallerContext;
    public const string GuardedCall = "global::" + RuntimeNames.GuardedCall;
    public const string ThriftService = "global::" + RuntimeNames.ThriftService;
    public const string ThriftMethod = "global::" + RuntimeNames.ThriftMethod;

    public const string AsyncDisposable = "global::System.IAsyncDisposable";
    public const string Disposable = "global::System.IDisposable";
    public const string ValueTask = "global::System.Threading.Tasks.ValueTask";
    public const string Exception = "global::System.Exception";
    public const string NullArgument = "global::System.ArgumentNullException";
    public const string Type = "global::System.Type";
    public const string Func = "global::System.Func";
    public const string TimeSpan = "global::System.TimeSpan";

    /// <summary>The function that returns the circuit breakers of a client with several.</summary>
    public static string CircuitBreakers { get; } = $"{Func}<{Options}, {CircuitBreaker}>";

    /// <summary>
    /// The attributes of a generated class: the tool, and that the tests of its user need not cover it. The version is
    /// not that of the assembly, so that a release without changes to it leaves the generated code unchanged. Debuggers
    /// may step into it.
    /// </summary>
    public static IEnumerable<string> AttributesOfClient(OmittedParts omitted)
    {
        if ((omitted & OmittedParts.GeneratedCode) == 0)
        {
            yield return $"[global::System.CodeDom.Compiler.GeneratedCode(\"{GeneratedCodeTool.Name}\", \"0.1\")]";
        }

        if ((omitted & OmittedParts.ExcludeFromCodeCoverage) == 0)
        {
            yield return "[global::System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverage]";
        }
    }
}
