using System.Net;
using System.Text.RegularExpressions;
using ThriftBreaker.Generator.Tests.Harness;
using ThriftBreaker.Tests;

namespace ThriftBreaker.Generator.Tests;

/// <summary>
/// The recipes compile against contracts of the same shape, and the classifiers distinguish what they say.
/// </summary>
public sealed partial class RecipesPageTests
{
    public delegate CallOutcome? Classified(string kind, object? code, string? state);

    /// <summary>The parts of the contracts and drivers that the recipes mention.</summary>
    private const string Contracts =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using ThriftBreaker;

        namespace Apache.Hive.Service.Rpc.Thrift
        {
            public enum TStatusCode { SUCCESS_STATUS, SUCCESS_WITH_INFO_STATUS, STILL_EXECUTING_STATUS, ERROR_STATUS, INVALID_HANDLE_STATUS }
            public enum TOperationState { INITIALIZED_STATE, RUNNING_STATE, FINISHED_STATE, CANCELED_STATE, CLOSED_STATE, ERROR_STATE }
            public class TStatus { public TStatusCode StatusCode { get; set; } public string? SqlState { get; set; } }
            public class TOpenSessionResp { public TStatus? Status { get; set; } }
            public class TExecuteStatementResp { public TStatus? Status { get; set; } public TSparkDirectResults? DirectResults { get; set; } }
            public class TSparkDirectResults { public TGetOperationStatusResp? OperationStatus { get; set; } }
            public class TGetOperationStatusResp { public TStatus? Status { get; set; } public TOperationState OperationState { get; set; } public string? SqlState { get; set; } }
            public class TFetchResultsResp { public TStatus? Status { get; set; } }
            public partial class TCLIService
            {
                public interface IAsync { Task<TOpenSessionResp> OpenSession(string req, CancellationToken cancellationToken = default); }

                public class Client(global::Thrift.Protocol.TProtocol protocol) : global::Thrift.TBaseClient(protocol, protocol), IAsync
                {
                    public Task<TOpenSessionResp> OpenSession(string req, CancellationToken cancellationToken = default) => Task.FromResult(new TOpenSessionResp());
                }
            }
        }

        namespace Apache.Arrow.Adbc.Drivers.Apache.Hive2
        {
            using global::Apache.Hive.Service.Rpc.Thrift;

            public abstract class HiveServer2Connection
            {
                protected virtual TCLIService.IAsync CreateTCLIServiceClient(global::Thrift.Protocol.TProtocol protocol) => new TCLIService.Client(protocol);
            }

            public sealed class ThreadSafeClient(TCLIService.IAsync client) : TCLIService.IAsync
            {
                public Task<TOpenSessionResp> OpenSession(string req, CancellationToken cancellationToken = default) => client.OpenSession(req, cancellationToken);
            }
        }
        """;

    private const string IoTDB =
        """
        public class TSStatus { public int Code { get; set; } }
        public class TSOpenSessionResp { public TSStatus? Status { get; set; } }
        public class TSExecuteStatementResp { public TSStatus? Status { get; set; } }
        public class TSFetchResultsResp { public TSStatus? Status { get; set; } }
        """;

    /// <summary>Calls the classifiers with the results of each kind.</summary>
    private const string Scenario =
        """
        using System.Net;
        using System.Net.Http;
        using Apache.Hive.Service.Rpc.Thrift;

        public static class Scenario
        {
            public static CallOutcome? Classify(string kind, object? code, string? state)
            {
                var error = new TStatus { StatusCode = TStatusCode.ERROR_STATUS, SqlState = state };
                var operation = new TGetOperationStatusResp { Status = new(), OperationState = TOperationState.ERROR_STATE, SqlState = state };
                var trouble = new Thrift.Transport.TTransportException(Thrift.Transport.TTransportException.ExceptionType.Unknown, "no answer", new HttpRequestException("no", null, code as HttpStatusCode?));
                return kind switch
                {
                    "Hive: session" => HiveOutcomes.Classify(Of(new TOpenSessionResp { Status = error })),
                    "Hive: statement" => HiveOutcomes.Classify(Of(new TExecuteStatementResp { Status = error })),
                    "Hive: status" => HiveOutcomes.Classify(Of(new TGetOperationStatusResp { Status = error })),
                    "Hive: rows" => HiveOutcomes.Classify(Of(new TFetchResultsResp { Status = error })),
                    "Hive: executing" => HiveOutcomes.Classify(Of(new TOpenSessionResp { Status = new() { StatusCode = TStatusCode.STILL_EXECUTING_STATUS, SqlState = state } })),
                    "Hive: exception" => HiveOutcomes.Classify(new CallResult("OpenSession", null, trouble, default)),
                    "Databricks: status" => DatabricksOutcomes.Classify(Of(operation)),
                    "Databricks: direct results" => DatabricksOutcomes.Classify(Of(new TExecuteStatementResp { Status = new(), DirectResults = new() { OperationStatus = operation } })),
                    "Databricks: statement" => DatabricksOutcomes.Classify(Of(new TExecuteStatementResp { Status = error })),
                    "Databricks: exception" => DatabricksOutcomes.Classify(new CallResult("OpenSession", null, trouble, default)),
                    "IoTDB" => IoTDBOutcomes.Classify(Of(new TSStatus { Code = (int)code! })),
                    "IoTDB: session" => IoTDBOutcomes.Classify(Of(new TSOpenSessionResp { Status = new() { Code = (int)code! } })),
                    "IoTDB: statement" => IoTDBOutcomes.Classify(Of(new TSExecuteStatementResp { Status = new() { Code = (int)code! } })),
                    "IoTDB: rows" => IoTDBOutcomes.Classify(Of(new TSFetchResultsResp { Status = new() { Code = (int)code! } })),
                    _ => IoTDBOutcomes.Classify(Of(null)),
                };
            }

            private static CallResult Of(object? result) => new("", result, null, default);
        }
        """;

    public static TheoryData<string, object?, string?, CallOutcome?> Outcomes { get; } = new()
    {
        { "Hive: session", null, "08S01", CallOutcome.Failure },
        { "Hive: statement", null, null, CallOutcome.Failure },
        { "Hive: status", null, "HY000", CallOutcome.Failure },
        { "Hive: rows", null, "58000", CallOutcome.Failure },
        { "Hive: statement", null, "42000", null },
        { "Hive: rows", null, "22012", null },
        { "Hive: executing", null, "08S01", null },
        { "Hive: exception", HttpStatusCode.Unauthorized, null, null },
        { "Databricks: status", null, "08S01", CallOutcome.Failure },
        { "Databricks: direct results", null, null, CallOutcome.Failure },
        { "Databricks: direct results", null, "42P01", null },
        { "Databricks: statement", null, "HY000", CallOutcome.Failure },
        { "Databricks: exception", HttpStatusCode.Unauthorized, null, CallOutcome.Ignored },
        { "Databricks: exception", HttpStatusCode.Forbidden, null, CallOutcome.Ignored },
        { "Databricks: exception", HttpStatusCode.ServiceUnavailable, null, null },
        { "Databricks: exception", null, null, null },
        { "IoTDB", 305, null, CallOutcome.Failure },
        { "IoTDB: session", 203, null, CallOutcome.Failure },
        { "IoTDB: statement", 709, null, CallOutcome.Failure },
        { "IoTDB: rows", 611, null, CallOutcome.Failure },
        { "IoTDB", 200, null, null },
        { "IoTDB", 400, null, null },
        { "IoTDB: statement", 700, null, null },
        { "IoTDB: nothing", null, null, null },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void ClassifierDistinguishesTheServerFromTheRequest(string kind, object? code, string? state, CallOutcome? outcome)
        => Assert.Equal(outcome, Code.Value.Method<Classified>("Scenario", "Classify")(kind, code, state));

    [Fact]
    public void EverySnippetIsInThisTest() => Assert.Equal(7, Snippets().Count);

    private static Lazy<LoadedCode> Code { get; } = new(() => LoadedCode.Create([Contracts, IoTDB, Scenario, .. Snippets().Select(static (snippet, number) => IsDeclaration(snippet) ? snippet : Use(snippet, number))]));

    private static List<string> Snippets()
        => [.. Snippet.Matches(File.ReadAllText(Path.Combine(TestRun.RepositoryRoot, "docs", "recipes.md")).ReplaceLineEndings("\n")).Select(static match => match.Groups[1].Value)];

    private static bool IsDeclaration(string snippet) => !snippet.StartsWith("var ", StringComparison.Ordinal) && !snippet.StartsWith("await ", StringComparison.Ordinal);

    private static string Use(string statements, int number)
        => $$"""
        using Apache.Arrow.Adbc.Drivers.Apache.Hive2;
        using Apache.Hive.Service.Rpc.Thrift;

        public static class Use{{number}}
        {
            public static async Task Run(TCLIService.IAsync inner, Thrift.Protocol.TProtocol protocol{{(statements.Contains("var circuitBreaker", StringComparison.Ordinal) ? "" : ", CircuitBreaker circuitBreaker")}})
            {
                await Task.Yield();
                {{statements}}
            }
        }
        """;

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet { get; }
}
