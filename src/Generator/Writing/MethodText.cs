using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Reading;

namespace ThriftBreaker.Generator.Writing;

/// <summary>The parts of a method's text that both written classes need.</summary>
internal static class MethodText
{
    public static string Header(MethodModel method)
        => method.Explicit
            ? $"{method.ReturnType} {method.DeclaringInterface}.{Identifier.Escape(method.Name)}({string.Join(", ", method.Parameters.Select(Undefaulted))})"
            : $"public {method.ReturnType} {Identifier.Escape(method.Name)}({string.Join(", ", method.Parameters.Select(Defaulted))})";

    public static string Arguments(MethodModel method)
        => string.Join(", ", method.Parameters.Select(static parameter => Identifier.Escape(parameter.Name)));

    /// <summary>The token to watch, or none.</summary>
    public static string Token(MethodModel method)
        => method.CancellationToken is { } token ? Identifier.Escape(token) : "default";

    /// <summary>A member of the written class: its bare name, unless a parameter has the same.</summary>
    public static string Field(string name, MethodModel method)
        => HasParameter(method, name) ? "this." + name : name;

    /// <summary>A class nested in the written one: its bare name, unless a parameter has the same.</summary>
    public static string Nested(string name, string writtenClass, MethodModel method)
        => HasParameter(method, name) ? $"{writtenClass}.{name}" : name;

    /// <summary>A type: by its short name, unless a parameter has the same.</summary>
    public static string Type(string name, string fullName, MethodModel method)
        => HasParameter(method, name) ? fullName : name;

    /// <summary>A local variable's name that no parameter has.</summary>
    public static string Local(string name, MethodModel method)
    {
        while (HasParameter(method, name))
        {
            name += "_";
        }

        return name;
    }

    private static bool HasParameter(MethodModel method, string name)
        => method.Parameters.Any(parameter => parameter.Name == name);

    private static string Undefaulted(ParameterModel parameter)
        => $"{(parameter.IsParams ? "params " : "")}{parameter.Type} {Identifier.Escape(parameter.Name)}";

    private static string Defaulted(ParameterModel parameter)
        => Undefaulted(parameter) + (parameter.Default is { } value ? " = " + value : "");
}
