using ThriftBreaker;

// The Thrift compiler generated the other parts from idl/shop.thrift. The settings are in appsettings.json, where they
// can change while the app runs.
namespace Circuit.Shop;

[CircuitBreaker]
[CircuitBreakerMethod(nameof(IAsync.stock))]
public partial class Catalog;

[CircuitBreaker]
public partial class Recommendations;
