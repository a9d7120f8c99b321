using System.Globalization;
using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Arguments that travel beside a static lambda: one by itself, several as a tuple that has their names, none as a 0 that nobody reads.</summary>
internal sealed class CarriedArguments(IEnumerable<ParameterModel> parameters)
{
    private static readonly string[] NamesOfTuples = ["CompareTo", "Deconstruct", "Equals", "GetHashCode", "Rest", "ToString"];

    private readonly ParameterModel[] _parameters = [.. parameters];

    /// <summary>All of them as one value.</summary>
    public string State => _parameters.Length switch
    {
        0 => "0",

        // As an argument, where a bare dynamic one would bind all of the call at run time.
        1 when _parameters[0].Kind == ParameterKind.Dynamic => MethodText.Argument(_parameters[0], Identifier.Escape(_parameters[0].Name)),
        1 => Carried(_parameters[0]),
        _ => $"({string.Join(", ", _parameters.Select(static parameter => (TravelsAsObject(parameter) && !IsOfTuples(parameter.Name) ? $"{Identifier.Escape(parameter.Name)}: " : "") + Carried(parameter)))})",
    };

    /// <summary>One of them as the argument for its parameter, out of the value that the lambda has under this name.</summary>
    public string Argument(ParameterModel parameter, string state)
        => TravelsAsObject(parameter) ? $"({parameter.Type}){Get(parameter, state)}" : MethodText.Argument(parameter, Get(parameter, state));

    /// <summary>One of them, out of the value that the lambda has under this name.</summary>
    private string Get(ParameterModel parameter, string state)
        => _parameters.Length == 1 ? state : $"{state}.{Element(parameter.Name)}";

    private static bool TravelsAsObject(ParameterModel parameter) => parameter.Kind == ParameterKind.WithStaticMembers;

    private static string Carried(ParameterModel parameter)
        => TravelsAsObject(parameter) ? MethodText.AsObject(parameter.Type, Identifier.Escape(parameter.Name)) : Identifier.Escape(parameter.Name);

    /// <summary>By its name, which the compiler takes from the argument, unless tuples keep that name for themselves.</summary>
    private string Element(string name)
        => IsOfTuples(name)
            ? "Item" + (Array.FindIndex(_parameters, parameter => parameter.Name == name) + 1).ToString(CultureInfo.InvariantCulture)
            : Identifier.Escape(name);

    private static bool IsOfTuples(string name) => NamesOfTuples.Contains(name, StringComparer.Ordinal) || name.StartsWith("Item", StringComparison.Ordinal);
}
