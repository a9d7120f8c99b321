using ThriftBreaker.Integration.Tests.Servers;

namespace ThriftBreaker.Integration.Tests.Peers.Cross;

/// <summary>
/// The calls of the cross test that fail with Thrift's own client too. <see cref="CrossTests"/> makes each of them with
/// both clients, so that an entry without a failure, or with a failure of ours alone, fails the test.
/// </summary>
internal static class KnownFailures
{
    /// <summary>Gets the reasons, in the order of their letters in the matrix.</summary>
    public static IReadOnlyList<(string Reason, Func<Peer, CrossServer, string, bool> Applies)> All { get; } =
    [
        ("the server's JSON has NaN and infinity without quotation marks", static (peer, server, call)
            => peer is Peer.Python or Peer.Node && server.Protocol == ThriftProtocol.Json && (call is "testDouble: NaN" or "testDouble: infinity")),
        ("the server sends the double -0 as 0", static (peer, _, call) => peer == Peer.Node && call == "testDouble: -0"),
        ("the server drops U+0000 from strings in JSON", static (peer, server, call)
            => peer == Peer.Cpp && server.Protocol == ThriftProtocol.Json && call == "testString: U+0000"),
    ];

    /// <summary>Returns the index of the reason for which a call fails; -1 if it must succeed.</summary>
    public static int Find(Peer peer, CrossServer server, string call)
        => Enumerable.Range(0, All.Count).FirstOrDefault(number => All[number].Applies(peer, server, call), -1);
}
