"""A server of idl/my_service.thrift in Python, with ThriftPy: the library of the original.

Usage: my_service_server.py CONTRACT PORT buffered|framed
Uses the binary protocol: ThriftPy's compact protocol does not run on current Python, and its JSON is not Thrift's. Listens on
loopback (a free port for 0), prints "listening PORT", and serves until it is killed.
With END_WITH_INPUT=1 in the environment it ends with its input too: without a terminal, an input can end at once.
"""
import os
import sys
import threading

import thriftpy
from thriftpy.protocol import TBinaryProtocolFactory
from thriftpy.server import TThreadedServer
from thriftpy.thrift import TProcessor
from thriftpy.transport import TBufferedTransportFactory, TFramedTransportFactory, TServerSocket

contract, port, transport = sys.argv[1], int(sys.argv[2]), sys.argv[3].lower()
my_service = thriftpy.load(contract, module_name="my_service_thrift")


class Handler:
    def doSomething(self, request):
        return my_service.Response(success=True)


def end_with_input():
    sys.stdin.read()
    os._exit(0)


if os.environ.get("END_WITH_INPUT") == "1":
    threading.Thread(target=end_with_input, daemon=True).start()

socket = TServerSocket(host="127.0.0.1", port=port)
socket.listen()
print("listening", socket.sock.getsockname()[1], flush=True)
socket.listen = lambda: None  # the server would listen once more

TThreadedServer(
    TProcessor(my_service.MyService, Handler()),
    socket,
    {"buffered": TBufferedTransportFactory, "framed": TFramedTransportFactory}[transport](),
    TBinaryProtocolFactory(),
    daemon=True,
).serve()
