using ThriftBreaker;

// The other halves are what the Thrift compiler wrote from idl/shop.thrift. Settings stand in appsettings.json, where they can change while the app runs.
namespace Circuit.Shop;

[CircuitBreaker]
[CircuitBreakerMethod(nameof(IAsync.stock))]
public partial class Catalog;

[CircuitBreaker]
public partial class Recommendations;
