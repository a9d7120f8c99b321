"""A server of ThriftTest.thrift, Apache Thrift's cross test, in Python with Apache Thrift's own library.

Usage: thrift_test_server.py GENERATED
GENERATED is the output folder of "thrift --gen py". Listens on loopback and prints "listening" and eighteen ports: of buffered, framed
and HTTP, in each of them binary, compact and JSON, in each of them ThriftTest alone, then both services, multiplexed. Prints the oneway
calls ("oneway NUMBER"), and serves until its input ends.
"""
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

import http.server
import itertools
import threading

from thrift.TMultiplexedProcessor import TMultiplexedProcessor
from thrift.Thrift import TException
from thrift.protocol import TBinaryProtocol, TCompactProtocol, TJSONProtocol
from thrift.server import THttpServer, TServer
from thrift.transport import TSocket, TTransport

from calculator_handler import end_with_input
from ThriftTest import SecondService, ThriftTest
from ThriftTest.ttypes import Insanity, Numberz, Xception, Xception2, Xtruct


class Handler:
    def testVoid(self):
        pass

    def echo(self, thing):
        return thing

    testString = testBool = testByte = testI32 = testI64 = testDouble = testBinary = testStruct = testNest = echo
    testMap = testStringMap = testSet = testList = testEnum = testTypedef = secondtestString = echo

    def testMapMap(self, hello):
        return {-4: {-number: -number for number in range(1, 5)}, 4: {number: number for number in range(1, 5)}}

    def testInsanity(self, argument):
        return {1: {Numberz.TWO: argument, Numberz.THREE: argument}, 2: {Numberz.SIX: Insanity()}}

    def testMulti(self, arg0, arg1, arg2, arg3, arg4, arg5):
        return Xtruct("Hello2", arg0, arg1, arg2)

    def testException(self, arg):
        if arg == "Xception":
            raise Xception(1001, arg)
        if arg == "TException":
            raise TException("intentional")

    def testMultiException(self, arg0, arg1):
        if arg0 == "Xception":
            raise Xception(1001, "This is an Xception")
        if arg0 == "Xception2":
            raise Xception2(2002, Xtruct(string_thing="This is an Xception2"))
        return Xtruct(string_thing=arg1)

    def testOneway(self, secondsToSleep):
        print("oneway", secondsToSleep, flush=True)


def serve(processor, transport, protocol):
    """Serves in a thread, and returns the port."""
    if transport is None:
        server = THttpServer.THttpServer(processor, ("127.0.0.1", 0), protocol, server_class=http.server.ThreadingHTTPServer)
        port = server.httpd.server_address[1]
    else:
        socket = TSocket.TServerSocket("127.0.0.1", 0)
        socket.listen()
        port = socket.handle.getsockname()[1]
        socket.listen = lambda: None  # the server would listen once more
        server = TServer.TThreadedServer(processor, socket, transport, protocol, daemon=True)
    threading.Thread(target=server.serve, daemon=True).start()
    return port


def multiplexed():
    services = TMultiplexedProcessor()
    services.registerProcessor("ThriftTest", ThriftTest.Processor(handler))
    services.registerProcessor("SecondService", SecondService.Processor(handler))
    return services


handler = Handler()
transports = TTransport.TBufferedTransportFactory(), TTransport.TFramedTransportFactory(), None
protocols = TBinaryProtocol.TBinaryProtocolFactory(), TCompactProtocol.TCompactProtocolFactory(), TJSONProtocol.TJSONProtocolFactory()
ports = [
    serve(processor(), transport, protocol)
    for transport, protocol, processor in itertools.product(transports, protocols, (lambda: ThriftTest.Processor(handler), multiplexed))
]
print("listening", *ports, flush=True)
end_with_input()
threading.Event().wait()
