"""A server of idl/calculator.thrift in Python, with ThriftPy: the library of the original.

Usage: thriftpy_calculator_server.py CONTRACT PORT buffered|framed
Speaks the binary protocol (ThriftPy's compact one does not run on today's Python, and its JSON is its own). Listens on
loopback (a free port for 0), prints "listening PORT", then what calls nobody sees answered ("slow MILLISECONDS", "note TEXT"), and
serves until it is killed or its input ends.
"""
import io
import re
import sys

sys.dont_write_bytecode = True

import thriftpy
from thriftpy.protocol import TBinaryProtocolFactory
from thriftpy.server import TThreadedServer
from thriftpy.thrift import TProcessor
from thriftpy.transport import TBufferedTransportFactory, TFramedTransportFactory, TServerSocket

import calculator_handler

contract, port, transport = sys.argv[1], int(sys.argv[2]), sys.argv[3].lower()
with open(contract, encoding="utf-8") as text:
    # ThriftPy reads contracts itself, and does not know annotations.
    calculator = thriftpy.load_fp(io.StringIO(re.sub(r"\s*\(\w+ = \"[^\"]*\"\)", "", text.read())), "calculator_thrift")

calculator_handler.end_with_parent()

socket = TServerSocket(host="127.0.0.1", port=port)
socket.listen()
print("listening", socket.sock.getsockname()[1], flush=True)
socket.listen = lambda: None  # the server would listen once more

TThreadedServer(
    TProcessor(calculator.Calculator, calculator_handler.Calculator(calculator)),
    socket,
    {"buffered": TBufferedTransportFactory, "framed": TFramedTransportFactory}[transport](),
    TBinaryProtocolFactory(),
    daemon=True,
).serve()
