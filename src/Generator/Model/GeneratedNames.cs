namespace ThriftBreaker.Generator.Model;

/// <summary>Names in generated code that no member of a service can have.</summary>
internal static class GeneratedNames
{
    /// <summary>The nested class with a field for the contract of each method.</summary>
    public const string ContractsClass = "Methods";
}
