using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace ThriftBreaker.Generator.Remembering;

/// <summary>
/// All that the model of any service can depend on, as values: the declarations of every file, the references and the options.
/// Holds no compiler object, and two of them compare fast: the text of an unchanged file is the same string.
/// </summary>
internal sealed class Surroundings : IEquatable<Surroundings>
{
    private static readonly ConditionalWeakTable<Compilation, Surroundings> Known = new();

    /// <summary>A number for each reference and each set of options: it stands for the object without keeping it alive.</summary>
    private static readonly ConditionalWeakTable<object, Number> Numbers = new();

    private readonly string[] _declarations;
    private readonly long[] _numbers;
    private readonly string? _assembly;

    private Surroundings(Compilation compilation, CancellationToken cancellationToken)
    {
        _declarations = [.. compilation.SyntaxTrees.Select(file => Declarations.Of(file, cancellationToken))];
        _numbers = [.. compilation.References.Append<object>(compilation.Options).Concat(ParseOptions(compilation)).Select(NumberOf)];
        _assembly = compilation.AssemblyName;
    }

    public static Surroundings Of(Compilation compilation, CancellationToken cancellationToken)
        => Known.TryGetValue(compilation, out var known)
            ? known
            : Known.GetValue(compilation, each => new Surroundings(each, cancellationToken));

    public bool Equals(Surroundings? other)
        => ReferenceEquals(this, other) ||
            (other is not null &&
                _assembly == other._assembly &&
                _numbers.AsSpan().SequenceEqual(other._numbers) &&
                _declarations.AsSpan().SequenceEqual(other._declarations));

    public override bool Equals(object? obj) => Equals(obj as Surroundings);

    public override int GetHashCode() => _declarations.Length;

    private static IEnumerable<object> ParseOptions(Compilation compilation)
        => compilation.SyntaxTrees.FirstOrDefault() is { } file ? [file.Options] : [];

    private static long NumberOf(object compilerObject) => Numbers.GetValue(compilerObject, static _ => new Number()).Value;

    private sealed class Number
    {
        private static long _last;

        public long Value { get; } = Interlocked.Increment(ref _last);
    }
}
