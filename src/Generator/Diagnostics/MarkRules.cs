using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Parsing;

namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>What is wrong with the arguments of one mark. The client is written all the same, without them: one mistake is one error.</summary>
internal static class MarkRules
{
    public static IEnumerable<MarkProblem> ProblemsOf(Mark mark, MarkedService service)
        => OutOfRange(mark).Concat(NoExceptions(mark, service)).Concat(IsForMethod(mark) ? OfMethod(mark, service) : OfService(mark, service));

    private static IEnumerable<MarkProblem> OfService(Mark mark, MarkedService service)
        => mark == service.Mark
            ? Contradictions(mark)
            : [new(DiagnosticDescriptors.MarkedTwice, mark, MarkProblem.ServiceArgument, service.Marked.Name, "and one mark holds; write all its settings in that one")];

    private static IEnumerable<MarkProblem> OutOfRange(Mark mark)
        => from setting in mark.Values
           let range = SettingRules.Violation(setting.Key, setting.Value)
           where range is not null
           select new MarkProblem(DiagnosticDescriptors.SettingOutOfRange, mark, setting.Key, setting.Key, SettingRules.Show(setting.Value), range);

    private static IEnumerable<MarkProblem> NoExceptions(Mark mark, MarkedService service)
        => from setting in mark.Settings
           where setting.Value.Kind == TypedConstantKind.Array
           from entry in setting.Value.IsNull ? [setting.Value] : setting.Value.Values.AsEnumerable()
           let obstacle = ExceptionListRules.Obstacle(entry, service)
           where obstacle is not null
           select new MarkProblem(DiagnosticDescriptors.NoException, mark, setting.Key, setting.Key, ExceptionListRules.Show(entry), obstacle);

    private static IEnumerable<MarkProblem> Contradictions(Mark mark)
        => ContradictionRules.Find(mark.Values).Select(contradiction => Contradictory(mark, contradiction));

    private static IEnumerable<MarkProblem> OfMethod(Mark mark, MarkedService service)
    {
        if (MethodMarkRules.Obstacle(mark, service) is { } obstacle)
        {
            return [new(DiagnosticDescriptors.MethodMarkNotApplied, mark, MarkProblem.MethodArgument, obstacle)];
        }

        return (mark.Bypasses ? ContradictionRules.FindForBypass(mark.Settings.Select(static setting => setting.Key)) : Added(mark, service))
            .Select(contradiction => Contradictory(mark, contradiction));
    }

    /// <summary>What the service's settings and the method's contradict together, and the service's alone do not.</summary>
    private static IEnumerable<Contradiction> Added(Mark mark, MarkedService service)
    {
        var ofService = service.Mark?.Values ?? new Dictionary<string, object>();
        var known = ContradictionRules.Find(ofService).Select(static contradiction => contradiction.Message).ToArray();
        var together = ofService.Where(setting => !mark.Values.ContainsKey(setting.Key)).Concat(mark.Values)
            .ToDictionary(static setting => setting.Key, static setting => setting.Value, StringComparer.Ordinal);
        return ContradictionRules.Find(together).Where(contradiction => !known.Contains(contradiction.Message, StringComparer.Ordinal));
    }

    private static MarkProblem Contradictory(Mark mark, Contradiction contradiction) => new(
        DiagnosticDescriptors.Contradiction,
        mark,
        contradiction.Settings.FirstOrDefault(mark.Values.ContainsKey),
        contradiction.Message);

    private static bool IsForMethod(Mark mark) => TypeText.Is(mark.Attribute.AttributeClass, RuntimeNames.MethodAttribute);
}

/// <summary>One thing that is wrong with a mark.</summary>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Mark">The mark.</param>
/// <param name="Setting">
/// The argument to point at: the name of a setting, <see cref="ServiceArgument"/> or <see cref="MethodArgument"/>; null for the whole mark.
/// </param>
/// <param name="Arguments">What the message says about it.</param>
internal sealed record MarkProblem(DiagnosticDescriptor Rule, Mark Mark, string? Setting, params object[] Arguments)
{
    /// <summary>The argument that names the service; it comes first, and is written without its name.</summary>
    public const string ServiceArgument = "service";

    /// <summary>The argument that names the method, the last of those that are written without a name.</summary>
    public const string MethodArgument = "method";
}
