using CsCheck;

namespace ThriftBreaker.Generator.Tests.RandomServices;

/// <summary>
/// Random interfaces, the last of which has the attribute; a class that implements them and records its arguments; and
/// a script that calls every member. All as C#.
/// </summary>
internal sealed record RandomService(RandomInterface[] Interfaces)
{
    /// <summary>
    /// Calls every member of a service, directly or through its client, and returns what the service received and the
    /// caller got.
    /// </summary>
    public delegate (string[] Received, string[] Returned) Run(bool isGuarded);

    public static Gen<RandomService> Any { get; } = Gen.Select(Gen.Int[0, 7], RandomMember.Any.Array[0, 5])
        .Array[1, 4]
        .Select(static interfaces => new RandomService([.. interfaces.Select(static (each, number) => RandomInterface.Create(number, each.Item1, each.Item2))]));

    public string Text =>
        $$"""
        #pragma warning disable CS0108 // The test is about members that hide others.
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;

        {{string.Join("\n\n", Interfaces.Select(static each => each.Declaration))}}

        [ThriftBreaker.CircuitBreaker]
        public interface IMarked : {{string.Join(", ", Interfaces.Select(static each => each.Name))}} { void Last(); }

        public sealed class Service(List<string> received) : IMarked
        {
            void IMarked.Last() => received.Add("last");

            {{Members(static (member, declaring) => member.Implementation(declaring))}}

            private static class Cell<T> { public static T Value = default!; }
        }

        public static class Scenario
        {
            public static (string[], string[]) Run(bool isGuarded)
            {
                var received = new List<string>();
                var returned = new List<string>();
                IMarked service = new Service(received);
                service = isGuarded ? new MarkedCircuitBreakerClient(service) : service;
                service.Last();
                {{Members(static (member, declaring) => $"{{ {member.Call(declaring)} }}")}}
                return (received.ToArray(), returned.ToArray());
            }
        }

        internal static class Show
        {
            public static string Format(object? value) => value switch
            {
                null => "null",
                string text => text,
                System.Collections.IEnumerable items => "[" + string.Join(", ", items.Cast<object?>().Select(Format)) + "]",
                _ => value.ToString()!,
            };

            public static List<T> All<T>(IAsyncEnumerable<T> stream) => AllAsync(stream).GetAwaiter().GetResult();

            private static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<T> stream)
            {
                var items = new List<T>();
                await foreach (var item in stream)
                {
                    items.Add(item);
                }

                return items;
            }
        }
        """;

    public override string ToString() => Text;

    private string Members(Func<RandomMember, string, string> text)
        => string.Join('\n', Interfaces.SelectMany(each => each.Members.Select(member => text(member, each.Name))));
}

/// <summary>One of the interfaces.</summary>
internal sealed record RandomInterface(string Name, string[] Bases, RandomMember[] Members)
{
    public string Declaration
        => $"public interface {Name}{(Bases.Length == 0 ? "" : " : " + string.Join(", ", Bases))}\n{{\n{string.Join('\n', Members.Select(static member => $"    {member.Declaration}"))}\n}}";

    /// <param name="number">Its index; it may inherit the interfaces before it.</param>
    /// <param name="bases">The inherited interfaces, as bits.</param>
    /// <param name="members">Its members; those whose names are taken are left out.</param>
    public static RandomInterface Create(int number, int bases, RandomMember[] members)
    {
        var names = new HashSet<string>();
        return new(
            $"I{number}",
            [.. Enumerable.Range(0, number).Where(each => (bases & (1 << each)) != 0).Select(static each => $"I{each}")],
            [.. members.Where(member => !member.Names.Any(names.Contains) && member.Names.All(names.Add))]);
    }
}
