"""A server of idl/calculator.thrift in Python, with ThriftPy: the library of the original.

Usage: thriftpy_calculator_server.py CONTRACT PORT buffered|framed
Uses the binary protocol: ThriftPy's compact protocol does not run on current Python, and its JSON is not Thrift's. Listens on
loopback (a free port for 0), prints "listening PORT", then calls that cannot be observed by their replies ("slow MILLISECONDS",
"note TEXT"), and serves until it is killed. With END_WITH_INPUT=1 in the environment it ends with its input too.
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
    # ThriftPy parses contracts itself, and does not support annotations.
    calculator = thriftpy.load_fp(io.StringIO(re.sub(r"\s*\(\w+ = \"[^\"]*\"\)", "", text.read())), "calculator_thrift")

calculator_handler.end_with_input()

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
