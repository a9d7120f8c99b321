using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Contains the parts of a method's text.</summary>
internal static class MethodText
{
    public static string Header(MethodModel method)
        => $"{(method.Explicit ? "" : "public ")}{method.ReturnModifier}{method.ReturnType} " +
            $"{(method.Explicit ? method.DeclaringInterface + "." : "")}{Identifier.Escape(method.Name)}" +
            $"{TypeParameters(method, static parameter => parameter.Attributes)}({Parameters(method.Parameters)}){method.Constraints}";

    public static string Parameters(EquatableArray<ParameterModel> parameters) => string.Join(", ", parameters.Select(Declaration));

    /// <summary>
    /// The call of an object through the interface that declares the method: two bases of the service may have methods
    /// of the same name.
    /// </summary>
    public static string Call(string target, MethodModel method, ServiceModel service)
        => Call(target, method, service, static parameter => Argument(parameter, Identifier.Escape(parameter.Name)));

    /// <inheritdoc cref="Call(string, MethodModel, ServiceModel)"/>
    public static string Call(string target, MethodModel method, ServiceModel service, Func<ParameterModel, string> argument)
        => $"{Receiver(target, method.DeclaringInterface, service)}.{Identifier.Escape(method.Name)}{TypeParameters(method, static _ => "")}({string.Join(", ", method.Parameters.Select(argument))})";

    /// <summary>An object as the interface that declares the member.</summary>
    public static string Receiver(string target, string declaringInterface, ServiceModel service)
        => declaringInterface == service.InnerInterface ? target : $"(({declaringInterface}){target})";

    /// <summary>A value as the argument for this parameter.</summary>
    public static string Argument(ParameterModel parameter, string value) => parameter switch
    {
        { Kind: ParameterKind.Dynamic } => AsObject(parameter.Type, value),
        { Passing: ArgumentPassing.In } => "in " + value,
        { Passing: ArgumentPassing.Ref } => "ref " + value,
        { Passing: ArgumentPassing.Out } => "out " + value,
        _ => value,
    };

    /// <summary>A value of this type as an object, which may be null if the value may.</summary>
    public static string AsObject(string type, string value) => (type.EndsWith("?", StringComparison.Ordinal) ? "(object?)" : "(object)") + value;

    /// <summary>The cancellation token of the method, or the default.</summary>
    public static string Token(MethodModel method) => method.CancellationToken switch
    {
        null => "default",
        { Kind: ParameterKind.NullableCancellationToken } token => Identifier.Escape(token.Name) + ".GetValueOrDefault()",
        var token => Identifier.Escape(token.Name),
    };

    /// <summary>A field of the client: its name alone, unless a parameter has the same name.</summary>
    public static string Field(string name, MethodModel method)
        => IsTaken(method, name) ? "this." + name : name;

    /// <summary>The field that describes the method to the runtime.</summary>
    public static string Description(MethodModel method, ServiceModel service)
    {
        var methods = IsTaken(method, GeneratedNames.MethodsClass) ? $"{service.ClientFullName}.{GeneratedNames.MethodsClass}" : GeneratedNames.MethodsClass;
        return $"{methods}.{Identifier.Escape(method.DescriptionField)}";
    }

    /// <summary>
    /// Whether the result needs the suppression of null warnings: a task that may be null is a choice of the
    /// interface's author, and a null one counts as a failed call; attributes of the result apply outside of the
    /// client.
    /// </summary>
    public static bool NeedsNotNull(MethodModel method)
        => (method.ReturnType.EndsWith("?", StringComparison.Ordinal) && method.Returns != ReturnShape.Value) ||
            HasAttributesOfResult(method);

    /// <summary>
    /// Whether attributes say more about the result than its type does. The compiler would check them against the
    /// invoker's result.
    /// </summary>
    public static bool HasAttributesOfResult(MethodModel method)
        => method.Attributes.Any(static attribute => attribute.StartsWith("[return: ", StringComparison.Ordinal));

    /// <summary>A name for a variable that no parameter has.</summary>
    public static string Local(string name, MethodModel method)
    {
        while (IsTaken(method, name))
        {
            name += "_";
        }

        return name;
    }

    private static bool IsTaken(MethodModel method, string name)
        => method.Parameters.Any(parameter => parameter.Name == name) || method.TypeParameters.Any(parameter => parameter.Name == name);

    private static string TypeParameters(MethodModel method, Func<TypeParameterModel, string> before)
        => method.TypeParameters.Count == 0
            ? ""
            : $"<{string.Join(", ", method.TypeParameters.Select(parameter => before(parameter) + Identifier.Escape(parameter.Name)))}>";

    private static string Declaration(ParameterModel parameter)
        => $"{parameter.Attributes}{parameter.Modifiers}{parameter.Type} {Identifier.Escape(parameter.Name)}{(parameter.Default is { } value ? " = " + value : "")}";
}
