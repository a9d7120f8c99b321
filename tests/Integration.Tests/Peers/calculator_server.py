"""A server of idl/calculator.thrift in Python, with Apache Thrift's own library.

Usage: calculator_server.py GENERATED PORT buffered|framed|raw binary|compact|json [tls CERTIFICATE | multiplexed SERVICE]
GENERATED is the output folder of "thrift --gen py". Listens on loopback (a free port for 0), prints "listening PORT", then calls
that cannot be observed by their replies ("slow MILLISECONDS", "note TEXT"), and serves until it is killed. With
END_WITH_INPUT=1 in the environment it ends with its input too.
"""
import sys

sys.dont_write_bytecode = True

generated, port, transport, protocol = sys.argv[1], int(sys.argv[2]), sys.argv[3].lower(), sys.argv[4].lower()
way, detail = (sys.argv[5:] + ["", ""])[:2]
sys.path.insert(0, generated)

from thrift.TMultiplexedProcessor import TMultiplexedProcessor
from thrift.protocol import TBinaryProtocol, TCompactProtocol, TJSONProtocol
from thrift.server import TServer
from thrift.transport import TSocket, TSSLSocket, TTransport

import calculator_handler
from calculator import Calculator, ttypes

calculator_handler.end_with_input()

protocols = {
    "binary": TBinaryProtocol.TBinaryProtocolFactory,
    "compact": TCompactProtocol.TCompactProtocolFactory,
    "json": TJSONProtocol.TJSONProtocolFactory,
}[protocol]()
transports = {
    "buffered": TTransport.TBufferedTransportFactory,
    "framed": TTransport.TFramedTransportFactory,
    "raw": TTransport.TTransportFactoryBase,
}[transport]()
processor = Calculator.Processor(calculator_handler.Calculator(ttypes))

if way == "multiplexed":
    services = TMultiplexedProcessor()
    services.registerProcessor(detail, processor)
    processor = services

socket = TSSLSocket.TSSLServerSocket("127.0.0.1", port, certfile=detail) if way == "tls" else TSocket.TServerSocket("127.0.0.1", port)
socket.listen()
print("listening", socket.handle.getsockname()[1], flush=True)
socket.listen = lambda: None  # the server would listen once more

TServer.TThreadedServer(processor, socket, transports, protocols, daemon=True).serve()
