// The calls that tests/WireBenchmarks compares, as in payloads.proto.
namespace netstd Circuit.Payloads

struct Item {
  1: i32 id
  2: string name
  3: double price
  4: bool available
}

service Payloads {
  bool small(1: string text)

  string echo(1: string text)

  list<Item> items(1: i32 count)

  binary bytes(1: i32 size)
}
