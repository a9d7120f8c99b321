import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.Executors;
import org.apache.thrift.TException;
import org.apache.thrift.TProcessor;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TJSONProtocol;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolFactory;
import org.apache.thrift.server.TThreadPoolServer;
import org.apache.thrift.transport.TIOStreamTransport;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TTransportFactory;
import org.apache.thrift.transport.layered.TFramedTransport;

/** The parts that both Java servers share: Apache Thrift's own transports, protocols and threaded server. */
final class PeerServer {
  private PeerServer() {}

  /** Ends this process when its input ends, and so together with the process that started it. */
  static void endWithParent() {
    Thread thread = new Thread(() -> {
      try {
        while (System.in.read() >= 0) {}
      } catch (IOException ended) {
        // The input is closed.
      }
      Runtime.getRuntime().halt(0);
    });
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts a server on loopback and returns its port; 0 requests a free one. */
  static int start(TProcessor processor, int port, String transport, String protocol) throws Exception {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    TProtocolFactory protocols = protocols(protocol);
    if (transport.equalsIgnoreCase("http")) {
      return startHttp(processor, address, protocols);
    }

    TServerSocket socket = new TServerSocket(address);
    TThreadPoolServer server = new TThreadPoolServer(
        new TThreadPoolServer.Args(socket).processor(processor).transportFactory(transports(transport)).protocolFactory(protocols));
    new Thread(server::serve).start();
    return socket.getServerSocket().getLocalPort();
  }

  /** Serves each request as Thrift's TServlet does, which requires a servlet container. */
  private static int startHttp(TProcessor processor, InetSocketAddress address, TProtocolFactory protocols) throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", exchange -> {
      try (exchange) {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        TProtocol protocol = protocols.getProtocol(new TIOStreamTransport(exchange.getRequestBody(), reply));
        processor.process(protocol, protocol);
        exchange.getResponseHeaders().set("Content-Type", "application/x-thrift");
        exchange.sendResponseHeaders(200, reply.size() == 0 ? -1 : reply.size());
        reply.writeTo(exchange.getResponseBody());
      } catch (TException error) {
        throw new IOException(error);
      }
    });
    server.start();
    return server.getAddress().getPort();
  }

  private static TTransportFactory transports(String name) {
    switch (name.toLowerCase(Locale.ROOT)) {
      case "buffered": return new TTransportFactory(); // The streams of its sockets are buffered.
      case "framed": return new TFramedTransport.Factory();
      default: throw new IllegalArgumentException("transport " + name);
    }
  }

  private static TProtocolFactory protocols(String name) {
    switch (name.toLowerCase(Locale.ROOT)) {
      case "binary": return new TBinaryProtocol.Factory();
      case "compact": return new TCompactProtocol.Factory();
      case "json": return new TJSONProtocol.Factory();
      default: throw new IllegalArgumentException("protocol " + name);
    }
  }
}
