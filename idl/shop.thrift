# What the sample of a web app calls: two services, of which one can fail without the other.
namespace netstd Circuit.Shop

struct Product {
  1: required string sku,
  2: required string name,
  3: required i32 cents
}

service Catalog {
  /** What is sold. */
  list<Product> products()

  /** How many of each there are. */
  map<string, i32> stock(1: list<string> skus)
}

struct Advice {
  1: required string title,
  2: required list<string> skus
}

service Recommendations {
  /** What customers of this product may like. */
  Advice suggest(1: string sku)
}
