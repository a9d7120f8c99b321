namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks of the framework for records, and .NET Standard 2.0 does not have.</summary>
internal static class IsExternalInit;
