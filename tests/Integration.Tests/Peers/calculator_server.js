// A server of idl/calculator.thrift in Node, with Apache Thrift's own library.
//
// Usage: node calculator_server.js GENERATED PORT buffered|framed binary|compact|json
// GENERATED is the output folder of "thrift --gen js:node,es6"; "npm ci" installs the library beside this file. Listens on
// loopback (a free port for 0), prints "listening PORT", then calls that cannot be observed by their replies ("slow MILLISECONDS",
// "note TEXT"), and serves until it is killed. With END_WITH_INPUT=1 in the environment it ends with its input too.
"use strict";

const Module = require("module");
const path = require("path");
const { setTimeout } = require("timers/promises");

// The generated code is in another folder, and requires the library too.
process.env.NODE_PATH = path.join(__dirname, "node_modules");
Module._initPaths();

const thrift = require("thrift");

const [generated, port, transport, protocol] = process.argv.slice(2);
const Calculator = require(path.join(generated, "Calculator"));
const { DivisionByZero, Operation, Overflow } = require(path.join(generated, "calculator_types"));

const handler = {
  async ping() {},
  async echo(text) {
    return text;
  },
  async calculate(work) {
    if (work.operation === Operation.DIVIDE && work.right === 0) {
      throw new DivisionByZero({ work });
    }
    const result = {
      [Operation.ADD]: () => work.left + work.right,
      [Operation.SUBTRACT]: () => work.left - work.right,
      [Operation.MULTIPLY]: () => work.left * work.right,
      [Operation.DIVIDE]: () => Math.trunc(work.left / work.right),
    }[work.operation]();
    if (result < -(2 ** 31) || result >= 2 ** 31) {
      throw new Overflow({ reason: "more than 32 bits", limit: 2 ** 31 - 1 });
    }
    return result;
  },
  async sums(groups) {
    return Object.fromEntries(Object.entries(groups).map(([name, numbers]) => [name, numbers.reduce((sum, number) => sum + number, 0)]));
  },
  async history(operation, tags) {
    return null;
  },
  async slow(milliseconds) {
    console.log(`slow ${milliseconds}`);
    await setTimeout(milliseconds);
    return milliseconds;
  },
  async crash() {
    throw new Error("intentional");
  },
  async describe(event, checked) {
    return `${event}: ${checked ? "yes" : "no"}`;
  },
  async note(text) {
    console.log(`note ${text}`);
  },
  async add(left, right) {
    return left + right;
  },
};

if (process.env.END_WITH_INPUT === "1") {
  process.stdin.resume().on("end", () => process.exit(0));
}

const server = thrift.createServer(Calculator, handler, {
  transport: { buffered: thrift.TBufferedTransport, framed: thrift.TFramedTransport }[transport.toLowerCase()],
  protocol: { binary: thrift.TBinaryProtocol, compact: thrift.TCompactProtocol, json: thrift.TJSONProtocol }[protocol.toLowerCase()],
});
server.on("error", (error) => console.error(error)); // The server survives clients that close their connections.
server.listen(Number(port), "127.0.0.1", () => console.log(`listening ${server.address().port}`));
