using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The generated code for interfaces marked with the attribute.</summary>
public sealed class InterfaceSnapshots
{
    [Fact]
    public void EveryShapeOfResult() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        public interface IOrders
        {
            void Submit(string text);

            int Count();

            Task SubmitAsync(string text, CancellationToken cancellationToken);

            Task<int> CountAsync(CancellationToken cancellationToken);

            ValueTask SubmitSoonAsync(string text);

            ValueTask<List<string>> ListSoonAsync();
        }
        """));

    [Fact]
    public void InterfaceDerivedFromTheContract() => Snapshot.Verify(GeneratorRun.Create(
        [
            .. Contracts.MyService,
            """
            using Circuit.Example;
            using ThriftBreaker;

            namespace Shop;

            [CircuitBreaker]
            public interface IOrders : MyService.IAsync;
            """,
        ]));

    [Fact]
    public void InterfaceNestedInAPartialClass() => Snapshot.Verify(GeneratorRun.Create(
        """
        using ThriftBreaker;

        namespace Shop;

        public partial class Contracts
        {
            [CircuitBreaker]
            protected internal interface IOrders
            {
                void Submit();
            }
        }
        """));

    [Fact]
    public void InterfaceNestedInAClassThatIsNotPartial() => Snapshot.Verify(GeneratorRun.Create(
        """
        using ThriftBreaker;

        namespace Shop;

        internal class Contracts
        {
            [CircuitBreaker]
            public interface IOrders
            {
                void Submit();
            }
        }
        """));

    [Fact]
    public void ObsoleteService() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        [Obsolete("use \"new\" orders", error: true, DiagnosticId = "SHOP1", UrlFormat = "https://shop.example/{0}")]
        public interface IOrders
        {
            void Submit();
        }
        """));

    [Fact]
    public void ObsoleteMethods() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System;
        using System.Threading.Tasks;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        public interface IOrders
        {
            [Obsolete]
            void Plain();

            [Obsolete("with a reason")]
            Task Reasoned();

            [Obsolete("an error", true)]
            Task<int> Forbidden();

            [Obsolete("an id of its own", DiagnosticId = "SHOP2")]
            ValueTask Identified();
        }
        """));

    [Fact]
    public void NullableAnnotations() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System.Collections.Generic;
        using System.Threading.Tasks;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        public interface IOrders
        {
            string? Find(string name, int? limit);

            Task<string?> FindAsync(string? name, List<string?>? among, (string First, string? Second) pair, string?[]? array);
        }
        """));

    [Fact]
    public void DefaultValues() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System;
        using System.Threading;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        public interface IOrders
        {
            void Numbers(
                double nan = double.NaN, double half = 0.5, double endless = double.NegativeInfinity, float single = 1.5f,
                float top = float.PositiveInfinity, decimal price = -1.50m, long most = long.MaxValue, byte small = 7);

            void Texts(string quoted = "say \"hi\"\n", string? none = null, char quote = '\'', char tab = '\t');

            void Others(
                DayOfWeek day = DayOfWeek.Friday, DayOfWeek? maybe = DayOfWeek.Sunday, int? number = 3, int? nothing = null,
                bool yes = true, DateTime moment = default, CancellationToken cancellationToken = default);
        }
        """));

    [Fact]
    public void ParameterArrays() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System.Threading;
        using System.Threading.Tasks;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        public interface IOrders
        {
            Task<int> SumAsync(CancellationToken cancellationToken, params int[] numbers);
        }
        """));

    [Fact]
    public void ReferencesAndTypeParameters() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System;
        using System.Diagnostics.CodeAnalysis;
        using System.Threading.Tasks;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        public interface IOrders
        {
            bool TryFind<T>(in int id, ref int version, [NotNullWhen(true)] out T? order) where T : class, new();

            ref readonly decimal PriceOf(int id);

            Task<int> ReserveAsync(ReadOnlySpan<int> ids, out Guid reservation);
        }
        """));

    /// <summary>What no lambda can carry has an explicit body; Thrift declares no such methods.</summary>
    [Fact]
    public void ExplicitBodies() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System;
        using System.Diagnostics.CodeAnalysis;
        using System.Threading;
        using System.Threading.Tasks;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        [CircuitBreakerMethod("Peek", Bypass = true)]
        public interface IOrders
        {
            void Move(ref int position, in Guid order);

            Span<byte> Read(int count, CancellationToken cancellationToken);

            ValueTask<int> CountAsync(in Guid order);

            Task? SendAsync(ReadOnlySpan<char> text);

            bool Peek(out int position);

            void Require([NotNull] object? value);

            [DoesNotReturn]
            void Fail(string reason);

            dynamic Find(string name);
        }
        """));

    [Fact]
    public void Streams() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System.Collections.Generic;
        using System.Threading;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        public interface IOrders
        {
            IAsyncEnumerable<string> ListAsync(int first, string? name, CancellationToken cancellationToken = default);
        }
        """));

    [Fact]
    public void PropertiesIndexersAndEvents() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        public interface IOrders
        {
            void Submit();

            int Count { get; }

            string? CircuitBreaker { get; set; }

            string this[int id, string? name = null] { get; set; }

            event EventHandler? Changed;
        }
        """));

    [Fact]
    public void PairsOfOldCompilers() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker(Scope = CircuitBreakerScope.Method)]
        public partial class Orders
        {
            public interface ISync
            {
                int add(int a, int b);
            }

            public interface Iface : ISync
            {
                IAsyncResult Begin_add(AsyncCallback callback, object state, int a, int b);

                int End_add(IAsyncResult asyncResult);
            }
        }
        """));
}
