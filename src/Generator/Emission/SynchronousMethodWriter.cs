using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes a guarded method that returns at once: a value, a reference or nothing.</summary>
internal static class SynchronousMethodWriter
{
    public static void Write(CodeWriter code, GuardedMethodText text)
    {
        text.Open(code);
        WriteRejection(code, text);
        code.Close()
            .Line()
            .Open("try");
        WriteCall(code, text);
        code.Close()
            .Open($"catch ({Names.Exception} {text.Error}) when ({text.Guard}.Failed({text.OfFailure}))")
            .Line($"throw {text.Guard}.Tripped({text.Error});")
            .Close()
            .Close();
    }

    private static void WriteRejection(CodeWriter code, GuardedMethodText text)
    {
        var rejection = $"throw {text.Guard}.Rejection({text.Token})";
        if (text.Method is { Returns: ReturnShape.Value, ReturnModifier.Length: 0 })
        {
            code.Line($"return {text.HasNoFallback}")
                .Line($"    ? {rejection}")
                .Line($"    : {text.CallFallback};");
            return;
        }

        code.Open($"if ({text.HasNoFallback})")
            .Line($"{rejection};")
            .Close()
            .Line();
        if (text.Method.Returns == ReturnShape.Value)
        {
            code.Line($"return ref {text.CallFallback};");
        }
        else
        {
            code.Line($"{text.CallFallback};").Line("return;");
        }
    }

    private static void WriteCall(CodeWriter code, GuardedMethodText text)
    {
        var method = text.Method;
        if (method.Returns == ReturnShape.Void)
        {
            code.Line($"{text.CallInner};")
                .Line($"{text.Guard}.Returned(ref {text.Ticket}, {text.Contract});");
            return;
        }

        var by = method.ReturnModifier.Length > 0 ? "ref " : "";
        var result = MethodText.Local("result", method);

        // What its attributes say about null, they say to the caller; the variable is of its bare type.
        var call = method.Attributes.Count == 0 ? text.CallInner : text.CallInnerForResult;

        var judged = method.IsJudgedAsObject ? MethodText.AsObject(method.ReturnType, result) : result;
        code.Line($"{method.ReturnModifier}{method.ReturnType} {result} = {by}{call};")
            .Line($"{text.Guard}.Returned(ref {text.Ticket}, {text.Contract}{(method.ResultType is null ? "" : $", {judged}")});")
            .Line($"return {by}{result};");
    }
}
