// A server of ThriftTest.thrift, Apache Thrift's cross test, in Node with Apache Thrift's own library.
//
// Usage: node thrift_test_server.js GENERATED
// GENERATED is the output folder of "thrift --gen js:node,es6"; "npm ci" installs the library beside this file. Listens on loopback and
// prints "listening" and eighteen ports: of buffered, framed and HTTP, in each of them binary, compact and JSON, in each of them
// ThriftTest alone, then both services, multiplexed. Prints the oneway calls ("oneway NUMBER"), and serves until its input ends.
"use strict";

const { once } = require("events");
const Module = require("module");
const path = require("path");

// The generated code is in another folder, and requires the library too.
process.env.NODE_PATH = path.join(__dirname, "node_modules");
Module._initPaths();

const thrift = require("thrift");

const [generated] = process.argv.slice(2);
const SecondService = require(path.join(generated, "SecondService"));
const ThriftTest = require(path.join(generated, "ThriftTest"));
const { Insanity, Numberz, Xception, Xception2, Xtruct } = require(path.join(generated, "ThriftTest_types"));

const echo = async (thing) => thing;

const handler = {
  async testVoid() {},
  testString: echo,
  testBool: echo,
  testByte: echo,
  testI32: echo,
  testI64: echo,
  testDouble: echo,
  testBinary: echo,
  testStruct: echo,
  testNest: echo,
  testMap: echo,
  testStringMap: echo,
  testSet: echo,
  testList: echo,
  testEnum: echo,
  testTypedef: echo,
  async testMapMap(hello) {
    return { [-4]: { [-4]: -4, [-3]: -3, [-2]: -2, [-1]: -1 }, 4: { 1: 1, 2: 2, 3: 3, 4: 4 } };
  },
  async testInsanity(argument) {
    return { 1: { [Numberz.TWO]: argument, [Numberz.THREE]: argument }, 2: { [Numberz.SIX]: new Insanity() } };
  },
  async testMulti(arg0, arg1, arg2, arg3, arg4, arg5) {
    return new Xtruct({ string_thing: "Hello2", byte_thing: arg0, i32_thing: arg1, i64_thing: arg2 });
  },
  async testException(arg) {
    if (arg === "Xception") {
      throw new Xception({ errorCode: 1001, message: arg });
    }
    if (arg === "TException") {
      throw new thrift.Thrift.TException("intentional");
    }
  },
  async testMultiException(arg0, arg1) {
    if (arg0 === "Xception") {
      throw new Xception({ errorCode: 1001, message: "This is an Xception" });
    }
    if (arg0 === "Xception2") {
      throw new Xception2({ errorCode: 2002, struct_thing: new Xtruct({ string_thing: "This is an Xception2" }) });
    }
    return new Xtruct({ string_thing: arg1 });
  },
  async testOneway(secondsToSleep) {
    console.log(`oneway ${secondsToSleep}`);
  },
  secondtestString: echo,
};

const alone = () => new ThriftTest.Processor(handler);
const multiplexed = () => {
  const services = new thrift.MultiplexedProcessor();
  services.registerProcessor("ThriftTest", alone());
  services.registerProcessor("SecondService", new SecondService.Processor(handler));
  return services;
};

const createServer = (transport, protocol, service) =>
  transport !== null
    ? service === alone
      ? thrift.createServer(ThriftTest, handler, { transport, protocol })
      : thrift.createMultiplexServer(service(), { transport, protocol })
    : thrift.createWebServer({
        services: { "/": service === alone ? { protocol, processor: ThriftTest, handler } : { protocol, processor: service() } },
      });

const main = async () => {
  const ports = [];
  for (const transport of [thrift.TBufferedTransport, thrift.TFramedTransport, null]) {
    for (const protocol of [thrift.TBinaryProtocol, thrift.TCompactProtocol, thrift.TJSONProtocol]) {
      for (const service of [alone, multiplexed]) {
        const server = createServer(transport, protocol, service);
        server.on("error", (error) => console.error(error)); // The server survives clients that close their connections.
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        ports.push(server.address().port);
      }
    }
  }
  console.log(`listening ${ports.join(" ")}`);
};

process.stdin.resume().on("end", () => process.exit(0));
main();
