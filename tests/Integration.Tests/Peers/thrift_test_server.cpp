// A server of ThriftTest.thrift, Apache Thrift's cross test, in C++ with Apache Thrift's own library.
//
// Usage: thrift_test_server
// Compiled together with the output of "thrift --gen cpp". Listens on loopback and prints "listening" and eighteen ports: of buffered,
// framed and HTTP, in each of them binary, compact and JSON, in each of them ThriftTest alone, then both services, multiplexed. Prints
// the oneway calls ("oneway NUMBER"), and serves until its input ends.
#include "SecondService.h"
#include "ThriftTest.h"
#include "peer_server.hpp"

#include <thrift/processor/TMultiplexedProcessor.h>

using namespace thrift::test;

// The types of the contract that no call has contain maps with this key, and the compiler leaves its order to the user.
bool Insanity::operator<(const Insanity& other) const { return userMap < other.userMap; }

class Handler : public ThriftTestIf, public SecondServiceIf {
public:
  void testVoid() override {}
  void testString(std::string& result, const std::string& thing) override { result = thing; }
  bool testBool(const bool thing) override { return thing; }
  int8_t testByte(const int8_t thing) override { return thing; }
  int32_t testI32(const int32_t thing) override { return thing; }
  int64_t testI64(const int64_t thing) override { return thing; }
  double testDouble(const double thing) override { return thing; }
  void testBinary(std::string& result, const std::string& thing) override { result = thing; }
  void testStruct(Xtruct& result, const Xtruct& thing) override { result = thing; }
  void testNest(Xtruct2& result, const Xtruct2& thing) override { result = thing; }
  void testMap(std::map<int32_t, int32_t>& result, const std::map<int32_t, int32_t>& thing) override { result = thing; }
  void testStringMap(std::map<std::string, std::string>& result, const std::map<std::string, std::string>& thing) override { result = thing; }
  void testSet(std::set<int32_t>& result, const std::set<int32_t>& thing) override { result = thing; }
  void testList(std::vector<int32_t>& result, const std::vector<int32_t>& thing) override { result = thing; }
  Numberz::type testEnum(const Numberz::type thing) override { return thing; }
  UserId testTypedef(const UserId thing) override { return thing; }

  void testMapMap(std::map<int32_t, std::map<int32_t, int32_t>>& result, const int32_t) override {
    for (int number = 1; number <= 4; number++) {
      result[-4][-number] = -number;
      result[4][number] = number;
    }
  }

  void testInsanity(std::map<UserId, std::map<Numberz::type, Insanity>>& result, const Insanity& argument) override {
    result[1][Numberz::TWO] = argument;
    result[1][Numberz::THREE] = argument;
    result[2][Numberz::SIX] = Insanity();
  }

  void testMulti(Xtruct& result, const int8_t arg0, const int32_t arg1, const int64_t arg2, const std::map<int16_t, std::string>&, const Numberz::type, const UserId) override {
    result.__set_string_thing("Hello2");
    result.__set_byte_thing(arg0);
    result.__set_i32_thing(arg1);
    result.__set_i64_thing(arg2);
  }

  void testException(const std::string& arg) override {
    if (arg == "Xception") {
      Xception error;
      error.__set_errorCode(1001);
      error.__set_message(arg);
      throw error;
    }
    if (arg == "TException") {
      throw apache::thrift::TException("intentional");
    }
  }

  void testMultiException(Xtruct& result, const std::string& arg0, const std::string& arg1) override {
    if (arg0 == "Xception") {
      Xception error;
      error.__set_errorCode(1001);
      error.__set_message("This is an Xception");
      throw error;
    }
    if (arg0 == "Xception2") {
      Xception2 error;
      error.__set_errorCode(2002);
      error.struct_thing.__set_string_thing("This is an Xception2");
      error.__isset.struct_thing = true;
      throw error;
    }
    result.__set_string_thing(arg1);
  }

  void testOneway(const int32_t secondsToSleep) override { print("oneway " + std::to_string(secondsToSleep)); }

  void secondtestString(std::string& result, const std::string& thing) override { result = thing; }
};

int main() {
  end_with_parent();
  auto handler = std::make_shared<Handler>();
  auto alone = std::make_shared<ThriftTestProcessor>(handler);
  auto multiplexed = std::make_shared<apache::thrift::TMultiplexedProcessor>();
  multiplexed->registerProcessor("ThriftTest", alone);
  multiplexed->registerProcessor("SecondService", std::make_shared<SecondServiceProcessor>(handler));

  std::string ports;
  for (auto transport : {"buffered", "framed", "http"}) {
    for (auto protocol : {"binary", "compact", "json"}) {
      ports += " " + std::to_string(PeerServer::start(alone, 0, transport, protocol));
      ports += " " + std::to_string(PeerServer::start(multiplexed, 0, transport, protocol));
    }
  }
  print("listening" + ports);
  serve_forever();
}
