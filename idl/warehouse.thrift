# A contract that the tests compile into an assembly of its own, which knows nothing of circuit breakers.
namespace netstd Circuit.Storage

struct Item {
  1: required string sku,
  2: required i32 quantity
}

exception OutOfStock {
  1: Item wanted,
  2: i32 available
}

service Inventory {
  /** Answers at once. */
  void ping()

  /** How many of each there are. */
  map<string, i32> stock(1: list<string> skus)
}

service Warehouse extends Inventory {
  /** Takes out what is wanted, or says how much there is; answers with what is left. */
  i32 take(1: Item wanted) throws (1: OutOfStock outOfStock)

  /** Fails with an error that no contract declares. */
  void crash()

  oneway void note(1: string text)
}
