"""A server of idl/calculator.thrift in Python, with Apache Thrift's own library.

Usage: calculator_server.py GENERATED PORT buffered|framed binary|compact|json
GENERATED is the folder that "thrift --gen py" wrote. Listens on loopback (a free port for 0), prints "listening PORT", and
serves until it is killed or its input ends.
"""
import os
import sys
import threading
import time

generated, port, transport, protocol = sys.argv[1], int(sys.argv[2]), sys.argv[3].lower(), sys.argv[4].lower()
sys.path.insert(0, generated)

from thrift.protocol import TBinaryProtocol, TCompactProtocol, TJSONProtocol
from thrift.server import TServer
from thrift.transport import TSocket, TTransport

from calculator import Calculator
from calculator.ttypes import DivisionByZero, Operation, Overflow


class Handler:
    def ping(self):
        pass

    def echo(self, text):
        return text

    def calculate(self, work):
        if work.operation == Operation.DIVIDE and work.right == 0:
            raise DivisionByZero(work=work)
        result = {
            Operation.ADD: lambda: work.left + work.right,
            Operation.SUBTRACT: lambda: work.left - work.right,
            Operation.MULTIPLY: lambda: work.left * work.right,
            Operation.DIVIDE: lambda: int(work.left / work.right),
        }[work.operation]()
        if not -(2**31) <= result < 2**31:
            raise Overflow(reason="more than 32 bits", limit=2**31 - 1)
        return result

    def sums(self, groups):
        return {name: sum(numbers) for name, numbers in groups.items()}

    def history(self, operation, tags):
        return None

    def slow(self, milliseconds):
        time.sleep(milliseconds / 1000)
        return milliseconds

    def crash(self):
        raise RuntimeError("crashed as asked")

    def describe(self, event, checked):
        return f"{event}: {'yes' if checked else 'no'}"

    def note(self, text):
        pass

    def add(self, left, right):
        return left + right


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()

socket = TSocket.TServerSocket(host="127.0.0.1", port=port)
socket.listen()
print("listening", socket.handle.getsockname()[1], flush=True)
socket.listen = lambda: None  # the server would listen once more

TServer.TThreadedServer(
    Calculator.Processor(Handler()),
    socket,
    {"buffered": TTransport.TBufferedTransportFactory, "framed": TTransport.TFramedTransportFactory, "raw": TTransport.TTransportFactoryBase}[transport](),
    {"binary": TBinaryProtocol.TBinaryProtocolFactory, "compact": TCompactProtocol.TCompactProtocolFactory, "json": TJSONProtocol.TJSONProtocolFactory}[protocol](),
    daemon=True,
).serve()
