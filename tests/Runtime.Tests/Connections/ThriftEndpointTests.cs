namespace ThriftBreaker.Runtime.Tests.Connections;

/// <summary>An endpoint is a value: invalid arguments throw, and endpoints are compared by value.</summary>
public sealed class ThriftEndpointTests
{
    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(65_536)]
    [InlineData(int.MaxValue)]
    public void Port_OutOfRange_Throws(int port)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(nameof(port), () => new ThriftEndpoint("localhost", port));

        Assert.Equal(port, error.ActualValue);
        Assert.StartsWith("A TCP port must be between 1 and 65535.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    public void Port_AtLimit_IsAccepted(int port) => Assert.Equal(port, new ThriftEndpoint("localhost", port).Port);

    [Fact]
    public void Host_Null_Throws() => Assert.Throws<ArgumentNullException>("host", static () => new ThriftEndpoint(null!, 9090));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\t")]
    public void Host_Blank_Throws(string host) => Assert.Throws<ArgumentException>(nameof(host), () => new ThriftEndpoint(host, 9090));

    [Theory]
    [InlineData("http://localhost", "without a scheme")]
    [InlineData("https://user:password@orders.internal", "without a scheme")]
    [InlineData("tcp://localhost:9090", "without a scheme")]
    [InlineData("localhost:9090", "without a port")]
    [InlineData("10.0.0.1:9090", "without a port")]
    [InlineData("[::1]:9090", "without a port")]
    [InlineData("[[::1]]", "must be a host name or an IP address")]
    [InlineData("[localhost]", "must be a host name or an IP address")]
    [InlineData("[]", "must be a host name or an IP address")]
    [InlineData("::1]", "must be a host name or an IP address")]
    [InlineData("localhost/thrift", "must be a host name or an IP address")]
    [InlineData("user@localhost", "must be a host name or an IP address")]
    [InlineData("local host", "must be a host name or an IP address")]
    [InlineData("localhost\n", "must be a host name or an IP address")]
    [InlineData(" localhost", "must be a host name or an IP address")]
    [InlineData("localhost?a=1", "must be a host name or an IP address")]
    [InlineData("a\\b", "must be a host name or an IP address")]
    [InlineData("1:2:3", "must be a host name or an IP address")]
    public void Host_NotAHost_Throws(string host, string expected)
    {
        var error = Assert.Throws<ArgumentException>(nameof(host), () => new ThriftEndpoint(host, 9090));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("ServerName", () => new ThriftTlsOptions { ServerName = host });
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("orders.internal.")]
    [InlineData("my_host-1")]
    [InlineData("b\u00fccher.example")]
    [InlineData("10.0.0.1")]
    [InlineData("::1")]
    [InlineData("fe80::1%7")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::ffff:10.0.0.1")]
    public void Host_NameOrAddress_IsAccepted(string host) => Assert.Equal(host, new ThriftEndpoint(host, 9090).Host);

    [Fact]
    public void Host_AddressInBrackets_IsTheAddress()
    {
        var endpoint = new ThriftEndpoint("[::1]", 9090);

        Assert.Equal(("::1", "[::1]:9090 (buffered, binary)"), (endpoint.Host, endpoint.ToString()));
        Assert.Equal(new ThriftEndpoint("::1", 9090), endpoint);
        using var client = new HttpClient();
        Assert.Equal("::1", ThriftEndpoint.Http(new Uri("http://[::1]:8080/thrift"), client).Host);
    }

    [Fact]
    public void TransportOrProtocol_NotInEnum_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Transport", static () => new ThriftEndpoint("localhost", 9090) { Transport = (ThriftTransport)3 });
        Assert.Throws<ArgumentOutOfRangeException>("Transport", static () => new ThriftEndpoint("localhost", 9090) { Transport = (ThriftTransport)(-1) });
        Assert.Throws<ArgumentOutOfRangeException>("Protocol", static () => new ThriftEndpoint("localhost", 9090) { Protocol = (ThriftProtocol)3 });
        Assert.Throws<ArgumentOutOfRangeException>("Protocol", static () => new ThriftEndpoint("localhost", 9090) { Protocol = (ThriftProtocol)(-1) });
    }

    [Fact]
    public void TransportAndProtocol_InEnum_AreAccepted()
    {
        foreach (var transport in Enum.GetValues<ThriftTransport>())
        {
            foreach (var protocol in Enum.GetValues<ThriftProtocol>())
            {
                var endpoint = new ThriftEndpoint("localhost", 9090) { Transport = transport, Protocol = protocol };

                Assert.Equal((transport, protocol), (endpoint.Transport, endpoint.Protocol));
            }
        }
    }

    [Fact]
    public void Defaults_AreBufferedAndBinary()
    {
        var endpoint = new ThriftEndpoint("localhost", 9090);

        Assert.Equal((ThriftTransport.Buffered, ThriftProtocol.Binary), (endpoint.Transport, endpoint.Protocol));
    }

    [Theory]
    [InlineData("localhost", ThriftTransport.Buffered, ThriftProtocol.Binary, "localhost:9090 (buffered, binary)")]
    [InlineData("127.0.0.1", ThriftTransport.Framed, ThriftProtocol.Compact, "127.0.0.1:9090 (framed, compact)")]
    [InlineData("::1", ThriftTransport.Buffered, ThriftProtocol.Json, "[::1]:9090 (buffered, json)")]
    [InlineData("localhost", ThriftTransport.Raw, ThriftProtocol.Binary, "localhost:9090 (raw, binary)")]
    public void ToString_ContainsAddressTransportAndProtocol(string host, ThriftTransport transport, ThriftProtocol protocol, string expected)
        => Assert.Equal(expected, new ThriftEndpoint(host, 9090) { Transport = transport, Protocol = protocol }.ToString());

    [Fact]
    public void Equality_IsByValue()
    {
        var endpoint = new ThriftEndpoint("localhost", 9090);

        Assert.Equal(endpoint, new ThriftEndpoint("localhost", 9090));
        Assert.Equal(endpoint.GetHashCode(), new ThriftEndpoint("localhost", 9090).GetHashCode());
        Assert.NotEqual(endpoint, new ThriftEndpoint("localhost", 9091));
        Assert.NotEqual(endpoint, new ThriftEndpoint("127.0.0.1", 9090));
        Assert.NotEqual(endpoint, endpoint with { Transport = ThriftTransport.Framed });
        Assert.NotEqual(endpoint, endpoint with { Protocol = ThriftProtocol.Json });
    }

    [Fact]
    public void ToString_ContainsServiceAndTls()
        => Assert.Equal(
            "localhost:9090 (framed, binary, service orders, TLS)",
            new ThriftEndpoint("localhost", 9090) { Transport = ThriftTransport.Framed, Service = "orders", Tls = new ThriftTlsOptions() }.ToString());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("orders:add")]
    public void Service_BlankOrWithColon_Throws(string service)
        => Assert.Throws<ArgumentException>("Service", () => new ThriftEndpoint("localhost", 9090) { Service = service });

    [Fact]
    public void Unix_HostIsThePath()
    {
        var endpoint = ThriftEndpoint.Unix("/run/orders.sock") with { Transport = ThriftTransport.Framed };

        Assert.Equal(("/run/orders.sock", 0, "unix:/run/orders.sock (framed, binary)"), (endpoint.Host, endpoint.Port, $"{endpoint}"));
        Assert.NotEqual(ThriftEndpoint.Unix("orders"), ThriftEndpoint.Pipe("orders"));
        Assert.Throws<ArgumentNullException>("path", static () => ThriftEndpoint.Unix(null!));
        Assert.Throws<ArgumentException>("path", static () => ThriftEndpoint.Unix(" "));
        Assert.Throws<ArgumentOutOfRangeException>("path", static () => ThriftEndpoint.Unix(new string('x', 1_000)));
        Assert.Throws<ArgumentException>("Tls", () => endpoint with { Tls = new ThriftTlsOptions() });
    }

    [Fact]
    public void Pipe_HostIsTheName()
    {
        var endpoint = ThriftEndpoint.Pipe("orders");

        Assert.Equal(("orders", 0, "pipe:orders (buffered, binary)"), (endpoint.Host, endpoint.Port, $"{endpoint}"));
        Assert.Equal(endpoint, ThriftEndpoint.Pipe("orders"));
        Assert.Throws<ArgumentNullException>("name", static () => ThriftEndpoint.Pipe(null!));
        Assert.Throws<ArgumentException>("name", static () => ThriftEndpoint.Pipe(""));
        Assert.Throws<ArgumentException>("Tls", () => endpoint with { Tls = new ThriftTlsOptions() });
    }

    [Fact]
    public void Http_ToString_OmitsUserAndQuery()
    {
        using var client = new HttpClient();
        var endpoint = ThriftEndpoint.Http(new Uri("https://user:password@orders.internal/thrift?key=secret"), client) with { Protocol = ThriftProtocol.Json };

        Assert.Equal(("orders.internal", 443, "https://orders.internal/thrift (json)"), (endpoint.Host, endpoint.Port, $"{endpoint}"));
        Assert.Equal(ThriftEndpoint.Http(new Uri("http://a/b"), client), ThriftEndpoint.Http(new Uri("http://a/b"), client));
        Assert.NotEqual(ThriftEndpoint.Http(new Uri("http://a/b"), client), ThriftEndpoint.Http(new Uri("http://a/c"), client));
        Assert.Throws<ArgumentException>("Transport", () => endpoint with { Transport = ThriftTransport.Framed });
        Assert.Throws<ArgumentException>("Tls", () => endpoint with { Tls = new ThriftTlsOptions() });
    }

    [Fact]
    public void Http_InvalidAddress_Throws()
    {
        using var client = new HttpClient();
        Assert.Throws<ArgumentNullException>("address", () => ThriftEndpoint.Http(null!, client));
        Assert.Throws<ArgumentNullException>("client", static () => ThriftEndpoint.Http(new Uri("http://localhost"), null!));
        Assert.Throws<ArgumentException>("address", () => ThriftEndpoint.Http(new Uri("/thrift", UriKind.Relative), client));
        Assert.Throws<ArgumentException>("address", () => ThriftEndpoint.Http(new Uri("ftp://localhost"), client));
    }

    [Fact]
    public void ClientCertificate_WithoutPrivateKey_Throws()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=client", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var whole = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var half = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(whole.RawData);

        Assert.Same(whole, new ThriftTlsOptions { ClientCertificate = whole }.ClientCertificate);
        Assert.Throws<ArgumentException>("ClientCertificate", () => new ThriftTlsOptions { ClientCertificate = half });
        Assert.Throws<ArgumentException>("ServerName", static () => new ThriftTlsOptions { ServerName = " " });
    }
}
