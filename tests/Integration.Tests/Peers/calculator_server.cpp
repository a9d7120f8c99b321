// A server of idl/calculator.thrift in C++, with Apache Thrift's own library.
//
// Usage: calculator_server PORT buffered|framed|raw binary|compact|json
// Compiled together with the output of "thrift --gen cpp". Listens on loopback (a free port for 0), prints "listening PORT", then
// calls that cannot be observed by their replies ("slow MILLISECONDS", "note TEXT"), and serves until it is killed or its input ends.
#include "Calculator.h"
#include "peer_server.hpp"

#include <chrono>
#include <limits>

class Handler : public CalculatorIf {
public:
  void ping() override {}

  void echo(std::string& result, const std::string& text) override { result = text; }

  int32_t calculate(const Work& work) override {
    int64_t left = work.left, right = work.right, result = 0;
    switch (work.operation) {
    case Operation::ADD:
      result = left + right;
      break;
    case Operation::SUBTRACT:
      result = left - right;
      break;
    case Operation::MULTIPLY:
      result = left * right;
      break;
    case Operation::DIVIDE:
      if (right == 0) {
        DivisionByZero error;
        error.__set_work(work);
        throw error;
      }
      result = left / right;
      break;
    }
    using limits = std::numeric_limits<int32_t>;
    if (result < limits::min() || result > limits::max()) {
      Overflow error;
      error.__set_reason("more than 32 bits");
      error.__set_limit(limits::max());
      throw error;
    }
    return static_cast<int32_t>(result);
  }

  void sums(std::map<std::string, int64_t>& result, const std::map<std::string, std::vector<int32_t>>& groups) override {
    for (const auto& group : groups) {
      int64_t sum = 0;
      for (auto number : group.second) {
        sum += number;
      }
      result[group.first] = sum;
    }
  }

  void history(std::vector<Work>&, const Operation::type, const std::set<std::string>&) override {} // C++ has no null list.

  int32_t slow(const int32_t milliseconds) override {
    print("slow " + std::to_string(milliseconds));
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    return milliseconds;
  }

  void crash() override { throw std::runtime_error("intentional"); }

  void describe(std::string& result, const std::string& event, const bool checked) override {
    result = event + ": " + (checked ? "yes" : "no");
  }

  void note(const std::string& text) override { print("note " + text); }

  int32_t add(const int32_t left, const int32_t right) override { return left + right; }
};

int main(int, char** arguments) {
  end_with_parent();
  auto processor = std::make_shared<CalculatorProcessor>(std::make_shared<Handler>());
  auto port = PeerServer::start(processor, std::stoi(arguments[1]), lower_case(arguments[2]), lower_case(arguments[3]));
  print("listening " + std::to_string(port));
  serve_forever();
}
