namespace FSharp

open System.Collections.Generic
open ThriftBreaker

/// Uses the runtime without the attribute.
module Uses =
    // [<assembly: CircuitBreaker(typeof<obj>)>] would have no effect.
    /// Gets circuit breakers.
    let create () = List<CircuitBreaker>([ new CircuitBreaker() ])
