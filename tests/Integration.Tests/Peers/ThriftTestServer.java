import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.thrift.TException;
import org.apache.thrift.TMultiplexedProcessor;
import org.apache.thrift.TProcessor;
import thrift.test.Insanity;
import thrift.test.Numberz;
import thrift.test.SecondService;
import thrift.test.ThriftTest;
import thrift.test.Xception;
import thrift.test.Xception2;
import thrift.test.Xtruct;
import thrift.test.Xtruct2;

/**
 * A server of ThriftTest.thrift, Apache Thrift's cross test, in Java with Apache Thrift's own library.
 *
 * Usage: ThriftTestServer
 * Compiled together with the output of "thrift --gen java". Listens on loopback and prints "listening" and eighteen ports: of
 * buffered, framed and HTTP, in each of them binary, compact and JSON, in each of them ThriftTest alone, then both services,
 * multiplexed. Prints the oneway calls ("oneway NUMBER"), and serves until its input ends.
 */
final class ThriftTestServer implements ThriftTest.Iface, SecondService.Iface {
  public static void main(String[] arguments) throws Exception {
    PeerServer.endWithParent();
    ThriftTestServer handler = new ThriftTestServer();
    TProcessor alone = new ThriftTest.Processor<>(handler);
    TMultiplexedProcessor multiplexed = new TMultiplexedProcessor();
    multiplexed.registerProcessor("ThriftTest", alone);
    multiplexed.registerProcessor("SecondService", new SecondService.Processor<>(handler));

    StringBuilder ports = new StringBuilder();
    for (String transport : new String[] {"buffered", "framed", "http"}) {
      for (String protocol : new String[] {"binary", "compact", "json"}) {
        ports.append(' ').append(PeerServer.start(alone, 0, transport, protocol));
        ports.append(' ').append(PeerServer.start(multiplexed, 0, transport, protocol));
      }
    }
    System.out.println("listening" + ports);
  }

  @Override public void testVoid() {}
  @Override public String testString(String thing) { return thing; }
  @Override public boolean testBool(boolean thing) { return thing; }
  @Override public byte testByte(byte thing) { return thing; }
  @Override public int testI32(int thing) { return thing; }
  @Override public long testI64(long thing) { return thing; }
  @Override public double testDouble(double thing) { return thing; }
  @Override public ByteBuffer testBinary(ByteBuffer thing) { return thing; }
  @Override public Xtruct testStruct(Xtruct thing) { return thing; }
  @Override public Xtruct2 testNest(Xtruct2 thing) { return thing; }
  @Override public Map<Integer, Integer> testMap(Map<Integer, Integer> thing) { return thing; }
  @Override public Map<String, String> testStringMap(Map<String, String> thing) { return thing; }
  @Override public Set<Integer> testSet(Set<Integer> thing) { return thing; }
  @Override public List<Integer> testList(List<Integer> thing) { return thing; }
  @Override public Numberz testEnum(Numberz thing) { return thing; }
  @Override public long testTypedef(long thing) { return thing; }

  @Override
  public Map<Integer, Map<Integer, Integer>> testMapMap(int hello) {
    Map<Integer, Integer> negative = new TreeMap<>();
    Map<Integer, Integer> positive = new TreeMap<>();
    for (int number = 1; number <= 4; number++) {
      negative.put(-number, -number);
      positive.put(number, number);
    }
    return Map.of(-4, negative, 4, positive);
  }

  @Override
  public Map<Long, Map<Numberz, Insanity>> testInsanity(Insanity argument) {
    return Map.of(1L, Map.of(Numberz.TWO, argument, Numberz.THREE, argument), 2L, Map.of(Numberz.SIX, new Insanity()));
  }

  @Override
  public Xtruct testMulti(byte arg0, int arg1, long arg2, Map<Short, String> arg3, Numberz arg4, long arg5) {
    return new Xtruct("Hello2", arg0, arg1, arg2);
  }

  @Override
  public void testException(String arg) throws TException {
    if (arg.equals("Xception")) {
      throw new Xception(1001, arg);
    }
    if (arg.equals("TException")) {
      throw new TException("intentional");
    }
  }

  @Override
  public Xtruct testMultiException(String arg0, String arg1) throws TException {
    if (arg0.equals("Xception")) {
      throw new Xception(1001, "This is an Xception");
    }
    if (arg0.equals("Xception2")) {
      throw new Xception2(2002, new Xtruct().setString_thing("This is an Xception2"));
    }
    return new Xtruct().setString_thing(arg1);
  }

  @Override public void testOneway(int secondsToSleep) { System.out.println("oneway " + secondsToSleep); }
  @Override public String secondtestString(String thing) { return thing; }
}
