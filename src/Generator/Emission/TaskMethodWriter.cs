using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes a guarded method that returns a task or a value task: whatever happens is in the task, and nothing is thrown beside it.</summary>
internal static class TaskMethodWriter
{
    public static void Write(CodeWriter code, GuardedMethodText text)
    {
        var method = text.Method;
        var ofResult = method.ResultType is { } awaited ? $"<{awaited}>" : "";
        var (wrap, end) = method.Returns == ReturnShape.ValueTask ? ($"new {method.ReturnType}(", ")") : ("", "");

        text.Open(code, Unwritten(method));
        code.Line($"return {text.HasNoFallback}")
            .Line($"    ? {wrap}{text.Guard}.Reject{ofResult}({text.Token}){end}")
            .Line($"    : {text.CallFallback};")
            .Close()
            .Line()
            .Open("try")
            .Line($"return {text.Guard}.Observe(ref {text.Ticket}, {text.CallInnerForResult}, {text.Contract}, {text.Token});")
            .Close()
            .Open($"catch ({Names.Exception} {text.Error})")
            .Line($"return {wrap}{text.Guard}.Fail{ofResult}({text.OfFailure}){end};")
            .Close()
            .Close();
    }

    /// <summary>A method that fails in its task returns all the same, and owes its caller the out parameters.</summary>
    private static IEnumerable<string> Unwritten(MethodModel method)
        => method.Parameters
            .Where(static parameter => parameter.Passing == ArgumentPassing.Out)
            .Select(static parameter => $"{Identifier.Escape(parameter.Name)} = default!;");
}
