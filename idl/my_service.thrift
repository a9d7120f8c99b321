# The contract of the original text: one method, one struct each way.
namespace netstd Circuit.Example

struct Request {
  1: string data
}

struct Response {
  1: bool success
}

service MyService {
  Response doSomething(1: Request request)
}
