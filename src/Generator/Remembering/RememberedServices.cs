using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using ThriftBreaker.Generator.Model;

namespace ThriftBreaker.Generator.Remembering;

/// <summary>What was read from a mark, for as long as nothing has changed that it can depend on.</summary>
/// <remarks>
/// The compiler asks for every marked node again after each keystroke anywhere, and a new compilation has bound no symbol yet: reading
/// a thousand interfaces took 800 ms of each keystroke, all of it spent on signatures that had not changed. This is no state: what
/// is remembered is what reading again would give. It is tied to the node, and forgotten with it.
/// </remarks>
internal static class RememberedServices
{
    private static readonly ConditionalWeakTable<SyntaxNode, Memory> Memories = new();

    /// <summary>What this function reads, or has read.</summary>
    public static EquatableArray<ServiceModel> Read(
        GeneratorAttributeSyntaxContext mark,
        Func<GeneratorAttributeSyntaxContext, CancellationToken, ReadServices> read,
        CancellationToken cancellationToken)
    {
        var surroundings = Surroundings.Of(mark.SemanticModel.Compilation, cancellationToken);
        if (Memories.TryGetValue(mark.TargetNode, out var memory) && memory.IsOf(surroundings))
        {
            return memory.Services;
        }

        var (services, isCertain) = read(mark, cancellationToken);
        Memories.Remove(mark.TargetNode);
        if (isCertain)
        {
            Memories.GetValue(mark.TargetNode, _ => new Memory(surroundings, services));
        }

        return services;
    }

    private sealed class Memory(Surroundings surroundings, EquatableArray<ServiceModel> services)
    {
        private Surroundings _surroundings = surroundings;

        public EquatableArray<ServiceModel> Services { get; } = services;

        public bool IsOf(Surroundings now)
        {
            if (!_surroundings.Equals(now))
            {
                return false;
            }

            // Of two that are equal the newer one: the older may go.
            _surroundings = now;
            return true;
        }
    }
}
