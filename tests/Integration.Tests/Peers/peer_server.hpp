// The parts that both C++ servers share: Apache Thrift's own transports, protocols and threaded server.
#pragma once

#include <thrift/TProcessor.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/protocol/TJSONProtocol.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/THttpServer.h>
#include <thrift/transport/TServerSocket.h>

#include <algorithm>
#include <cctype>
#include <future>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

/** Ends this process when its input ends, and so together with the process that started it. */
inline void end_with_parent() {
  std::thread([] {
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    _exit(0);
  }).detach();
}

/** Prints a line at once and whole, whichever threads print. */
inline void print(const std::string& line) { std::cout << line + "\n" << std::flush; }

inline std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

inline std::shared_ptr<apache::thrift::transport::TTransportFactory> transports(const std::string& name) {
  using namespace apache::thrift::transport;
  if (name == "buffered") return std::make_shared<TBufferedTransportFactory>();
  if (name == "framed") return std::make_shared<TFramedTransportFactory>();
  if (name == "http") return std::make_shared<THttpServerTransportFactory>();
  if (name == "raw") return std::make_shared<TTransportFactory>();
  throw std::invalid_argument("transport " + name);
}

inline std::shared_ptr<apache::thrift::protocol::TProtocolFactory> protocols(const std::string& name) {
  using namespace apache::thrift::protocol;
  if (name == "binary") return std::make_shared<TBinaryProtocolFactory>();
  if (name == "compact") return std::make_shared<TCompactProtocolFactory>();
  if (name == "json") return std::make_shared<TJSONProtocolFactory>();
  throw std::invalid_argument("protocol " + name);
}

/** A server on loopback, which serves in its own thread. */
class PeerServer : public apache::thrift::server::TServerEventHandler {
public:
  /** Returns the port once the server listens; 0 requests a free one. */
  static int start(const std::shared_ptr<apache::thrift::TProcessor>& processor, int port, const std::string& transport, const std::string& protocol) {
    auto socket = std::make_shared<apache::thrift::transport::TServerSocket>("127.0.0.1", port);
    auto handler = std::make_shared<PeerServer>(socket);
    auto listening = handler->port_.get_future();
    std::thread([=] {
      apache::thrift::server::TThreadedServer server(processor, socket, transports(transport), protocols(protocol));
      server.setServerEventHandler(handler);
      server.serve();
    }).detach();
    return listening.get();
  }

  explicit PeerServer(std::shared_ptr<apache::thrift::transport::TServerSocket> socket) : socket_(std::move(socket)) {}

  /** Called by the server when it listens. */
  void preServe() override { port_.set_value(socket_->getPort()); }

private:
  std::shared_ptr<apache::thrift::transport::TServerSocket> socket_;
  std::promise<int> port_;
};

/** Serves until the process is killed or its input ends. */
[[noreturn]] inline void serve_forever() {
  while (true) {
    pause();
  }
}
