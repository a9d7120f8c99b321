using ThriftBreaker.Generator.Model;
using ThriftBreaker.Generator.Symbols;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Writes what the contract says about each method, for the verdicts on its calls.</summary>
internal static class ContractWriter
{
    public static void Write(CodeWriter code, ServiceModel service)
    {
        code.Line("/// <summary>What the contract says about each method.</summary>")
            .Open($"internal static class {GeneratedNames.ContractsClass}");
        foreach (var method in service.Methods.Where(method => method.Guard is not null || service.Channel is not null))
        {
            code.Line($"internal static readonly {Names.ThriftMethod} {Identifier.Escape(method.ContractField)} = {Contract(method, service)};");
        }

        code.Close();
    }

    /// <summary>An array of these <c>typeof(…)</c>, separated by commas.</summary>
    public static string Types(string types)
        => types.Length == 0 ? $"{Names.Type}.EmptyTypes" : $"new {Names.Type}[] {{ {types} }}";

    private static string Contract(MethodModel method, ServiceModel service)
    {
        var known = new List<string> { $"Service = \"{service.ServiceName}\"" };
        if (method.Oneway)
        {
            known.Add("Oneway = true");
            if (service.Methods.Where(other => other.Guard == method.Guard).All(static other => other.Oneway))
            {
                known.Add("OnewayOnly = true");
            }
        }

        if (method.Throws is { } throws)
        {
            known.Add($"Throws = {Types(string.Join(", ", throws.Select(static type => $"typeof({type})")))}");
        }

        if (method.Idempotent)
        {
            known.Add("Idempotent = true");
        }

        if (method.CallTimeout is { } seconds)
        {
            known.Add($"CallTimeout = {Names.TimeSpan}.FromSeconds({NumberText.ToCode(seconds)})");
        }

        return $"new(\"{method.NameInContract}\") {{ {string.Join(", ", known)} }}";
    }
}
