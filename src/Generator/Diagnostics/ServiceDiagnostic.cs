using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ThriftBreaker.Generator.Diagnostics;

/// <summary>One diagnostic of the parse, as data: the rule, the place, and the arguments of the message.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Symbol">The declaration to report; null where an attribute is reported.</param>
/// <param name="Attribute">The attribute to report; null where a declaration is reported.</param>
/// <param name="Argument">
/// The argument of the attribute to report: the name of a setting, <see cref="ServiceArgument"/> or
/// <see cref="MethodArgument"/>; null for the whole attribute.
/// </param>
/// <param name="MessageArguments">The arguments of the message.</param>
internal sealed record ServiceDiagnostic(
    DiagnosticDescriptor Rule, ISymbol? Symbol, AttributeData? Attribute, string? Argument, object[] MessageArguments)
{
    /// <summary>The argument that specifies the service: the first one, without a name.</summary>
    public const string ServiceArgument = "service";

    /// <summary>The argument that specifies the method: the last one without a name.</summary>
    public const string MethodArgument = "method";

    public static ServiceDiagnostic On(ISymbol symbol, DiagnosticDescriptor rule, params object[] arguments) => new(rule, symbol, null, null, arguments);

    public static ServiceDiagnostic On(AttributeData attribute, string? argument, DiagnosticDescriptor rule, params object[] arguments)
        => new(rule, null, attribute, argument, arguments);

    public Diagnostic ToDiagnostic(CancellationToken cancellationToken)
        => Diagnostic.Create(Rule, GetLocation(cancellationToken), MessageArguments);

    private Location? GetLocation(CancellationToken cancellationToken)
    {
        if (Attribute is null)
        {
            return Symbol?.Locations.FirstOrDefault(static location => location.IsInSource);
        }

        if (Attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is not AttributeSyntax attribute)
        {
            return null;
        }

        var arguments = attribute.ArgumentList?.Arguments ?? default;
        var named = arguments.FirstOrDefault(each => (each.NameEquals?.Name ?? each.NameColon?.Name)?.Identifier.ValueText == Argument);
        var place = Argument switch
        {
            _ when named is not null => named,
            ServiceArgument => arguments.FirstOrDefault(static each => each.NameEquals is null),
            MethodArgument => arguments.LastOrDefault(static each => each.NameEquals is null),
            _ => null,
        };
        return (place ?? (SyntaxNode)attribute).GetLocation();
    }
}
