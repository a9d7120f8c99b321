Imports System.Collections.Generic
Imports ThriftBreaker

''' <summary>Uses the runtime without the attribute.</summary>
Public Module Uses
    ''' <summary>Gets circuit breakers.</summary>
    Public Function Create() As List(Of CircuitBreaker)
        ' <Assembly: CircuitBreaker(GetType(Uses))> would have no effect.
        Return New List(Of CircuitBreaker) From {New CircuitBreaker()}
    End Function
End Module
