using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>The parts that guarded methods of all shapes are made of, in names that no parameter has.</summary>
internal sealed class GuardedMethodText
{
    public GuardedMethodText(MethodModel method, string guard, ServiceModel service)
    {
        Method = method;
        Guard = MethodText.Field(guard, method);
        Ticket = MethodText.Local("ticket", method);
        Error = MethodText.Local("error", method);
        Token = MethodText.Token(method);
        Contract = $"{MethodText.Nested(GeneratedNames.ContractsClass, service.GuardedFullName, method)}.{Identifier.Escape(method.ContractField)}";
        Inner = MethodText.Field("_inner", method);
        Fallback = MethodText.Field("_fallback", method);
        CallInner = MethodText.Call(Inner, method, service);
        CallFallback = MethodText.Call(Fallback, method, service);
    }

    public MethodModel Method { get; }

    public string Guard { get; }

    public string Ticket { get; }

    public string Error { get; }

    public string Token { get; }

    public string Contract { get; }

    public string Inner { get; }

    public string Fallback { get; }

    public string CallInner { get; }

    /// <summary>The same, where null is not looked at: a task that may be null is its author's choice, and a null one counts as a failed call.</summary>
    public string CallInnerForResult
        => Method.ReturnType.EndsWith("?", StringComparison.Ordinal) || Method.Attributes.Any(static attribute => attribute.StartsWith("[return: ", StringComparison.Ordinal))
            ? CallInner + "!"
            : CallInner;

    public string CallFallback { get; }

    /// <summary>Whether there is nobody to answer in the place of the service.</summary>
    public string HasNoFallback => $"{Fallback} is null" + (Method.CancellationToken is null ? "" : $" || {Token}.IsCancellationRequested");

    /// <summary>The arguments of every verdict on a call that threw.</summary>
    public string OfFailure => $"ref {Ticket}, {Error}, {Contract}, {Token}";

    /// <summary>Opens the method, and the block of a call that was not admitted.</summary>
    public void Open(CodeWriter code, IEnumerable<string>? before = null)
    {
        code.Open(MethodText.Header(Method));
        foreach (var line in before ?? [])
        {
            code.Line(line);
        }

        code.Open($"if (!{Guard}.TryEnter({Contract}, {Token}, out {Names.Ticket} {Ticket}))");
    }
}
