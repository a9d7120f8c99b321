using ThriftBreaker.Generator.Tests.Harness;

namespace ThriftBreaker.Generator.Tests;

/// <summary>The generated code for service classes marked with the attribute.</summary>
public sealed class ServiceSnapshots
{
    [Fact]
    public void PartialServiceClass() => Snapshot.Verify(GeneratorRun.Create(
        [
            .. Contracts.MyService,
            """
            using ThriftBreaker;

            namespace Circuit.Example;

            [CircuitBreaker(FailMax = 3, ResetTimeoutSeconds = 10)]
            public partial class MyService;
            """,
        ]));

    [Fact]
    public void ServiceThatExtendsAnother() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System.Threading;
        using System.Threading.Tasks;
        using Thrift;
        using Thrift.Protocol;

        namespace Shop;

        public class Monitored
        {
            public interface IAsync
            {
                Task<string> echo(string text, CancellationToken cancellationToken = default);
            }

            public class Client(TProtocol protocol) : TBaseClient(protocol, protocol), IAsync
            {
                public Task<string> echo(string text, CancellationToken cancellationToken = default) => Task.FromResult(text);
            }

            public class InternalStructs
            {
                public class echo_args;

                public class echo_result;
            }
        }

        [ThriftBreaker.CircuitBreaker]
        public partial class Orders
        {
            public interface IAsync : Monitored.IAsync
            {
                Task<int> submit(string @event, int count, CancellationToken cancellationToken = default);

                Task note(string text, CancellationToken cancellationToken = default);
            }

            public class Client(TProtocol protocol) : Monitored.Client(protocol), IAsync
            {
                public Task<int> submit(string @event, int count, CancellationToken cancellationToken = default) => Task.FromResult(count);

                public Task note(string text, CancellationToken cancellationToken = default) => Task.CompletedTask;
            }

            /// <summary>
            /// By these it is known that <c>submit</c> declares an exception, and that <c>note</c> has no reply.
            /// </summary>
            public class InternalStructs
            {
                public class submit_args;

                public class submit_result
                {
                    public SoldOut? SoldOut { get; set; }
                }

                public class note_args;
            }
        }

        public class SoldOut : TException;
        """));

    [Fact]
    public void EverySetting() => Snapshot.Verify(GeneratorRun.Create(
        """
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker(
            Name = "orders \"east\"", FailMax = 1_000_000, ResetTimeoutSeconds = 0.25, SuccessThreshold = 1_000, ThrowOnTrip = true,
            MaxProbes = 2, ProbeTimeoutSeconds = 1e-7, FailureRatio = 0.5, MinimumThroughput = 10, SamplingDurationSeconds = 60,
            SlowCallDurationSeconds = 2, SlowCallRatio = 1, BackoffMultiplier = 1.5, MaxResetTimeoutSeconds = 120, Jitter = 0.1,
            Mode = CircuitMode.ReportOnly, Exclude = new[] { typeof(System.IO.IOException), typeof(Fault<string>) },
            Ignore = new[] { typeof(System.OperationCanceledException) }, FailOn = new System.Type[0],
            CancelledCountsAsFailureAfterSeconds = 5, Scope = CircuitBreakerScope.Service)]
        public partial class Orders
        {
            public interface IAsync
            {
                System.Threading.Tasks.Task submit();
            }
        }

        public class Fault<T> : System.Exception { }
        """));

    [Fact]
    public void GlobalNamespace() => Snapshot.Verify(GeneratorRun.Create(
        """
        [ThriftBreaker.CircuitBreaker]
        public partial class Orders
        {
            public interface IAsync
            {
                System.Threading.Tasks.Task submit();
            }
        }
        """));

    [Fact]
    public void InternalServiceInsideOtherTypes() => Snapshot.Verify(GeneratorRun.Create(
        """
        using ThriftBreaker;

        namespace Shop;

        internal partial record Contracts
        {
            internal partial struct Version1
            {
                [CircuitBreaker]
                internal static partial class Orders
                {
                    internal interface IAsync
                    {
                        System.Threading.Tasks.Task submit();
                    }
                }
            }
        }
        """));

    [Fact]
    public void SynchronousServiceOfOldCompilers() => Snapshot.Verify(GeneratorRun.Create(
        """
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        public partial class Orders
        {
            public interface ISync
            {
                void submit(string text);

                int count();
            }

            public class Client : ISync
            {
                public void submit(string text) { }

                public int count() => 0;
            }
        }
        """));

    [Fact]
    public void IfaceComesBeforeIAsyncAndISync() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System.Threading.Tasks;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        public partial class Orders
        {
            public interface ISync { void submit(); }

            public interface IAsync { Task submitAsync(); }

            public interface Iface : ISync, IAsync { }
        }
        """));

    [Fact]
    public void MethodsNamedWithAsyncPostfix() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System.Threading;
        using System.Threading.Tasks;
        using ThriftBreaker;

        namespace Shop;

        [CircuitBreaker]
        public partial class Orders
        {
            public interface IAsync
            {
                Task<int> addAsync(int item, CancellationToken cancellationToken = default);

                Task noteAsync(string? text, CancellationToken cancellationToken = default);
            }

            public class InternalStructs
            {
                public class add_args { }

                public class add_result
                {
                    public int Success { get; set; }

                    public SoldOut? SoldOut { get; set; }
                }

                public class note_args { }
            }
        }

        public class SoldOut : Thrift.TException { }
        """));

    [Fact]
    public void KeywordsAsNames() => Snapshot.Verify(GeneratorRun.Create(
        """
        using System.Threading;
        using System.Threading.Tasks;
        using ThriftBreaker;

        namespace Shop.@event.@namespace;

        public class @object { }

        [CircuitBreaker]
        public partial class @class
        {
            public interface IAsync
            {
                Task<@object> @new(@object @params, string @ref, CancellationToken @default = default);

                Task @await(@object @await, int @record, int value);
            }

            public class Client(Thrift.Protocol.TProtocol protocol) : Thrift.TBaseClient(protocol, protocol), IAsync
            {
                public Task<@object> @new(@object @params, string @ref, CancellationToken @default = default) => Task.FromResult(@params);

                public Task @await(@object @await, int @record, int value) => Task.CompletedTask;
            }
        }
        """));
}
