namespace ThriftBreaker.Generator.Model;

/// <summary>Names in generated code that no member of a service can have.</summary>
internal static class GeneratedNames
{
    /// <summary>The nested class that describes the methods.</summary>
    public const string MethodsClass = "Methods";

    /// <summary>The field of that class that describes the service.</summary>
    public const string ServiceField = "Service";
}
