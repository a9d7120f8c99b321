import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.thrift.TException;

/**
 * A server of idl/calculator.thrift in Java, with Apache Thrift's own library.
 *
 * Usage: CalculatorServer PORT buffered|framed binary|compact|json
 * Compiled together with the output of "thrift --gen java". Listens on loopback (a free port for 0), prints "listening PORT", then
 * calls that cannot be observed by their replies ("slow MILLISECONDS", "note TEXT"), and serves until it is killed or its input ends.
 */
final class CalculatorServer implements Calculator.Iface {
  public static void main(String[] arguments) throws Exception {
    PeerServer.endWithParent();
    Calculator.Processor<CalculatorServer> processor = new Calculator.Processor<>(new CalculatorServer());
    System.out.println("listening " + PeerServer.start(processor, Integer.parseInt(arguments[0]), arguments[1], arguments[2]));
  }

  @Override
  public void ping() {}

  @Override
  public String echo(String text) {
    return text;
  }

  @Override
  public int calculate(Work work) throws TException {
    long left = work.left, right = work.right, result;
    switch (work.operation) {
      case ADD: result = left + right; break;
      case SUBTRACT: result = left - right; break;
      case MULTIPLY: result = left * right; break;
      default:
        if (right == 0) {
          throw new DivisionByZero(work);
        }
        result = left / right;
    }
    if (result != (int) result) {
      throw new Overflow("more than 32 bits").setLimit(Integer.MAX_VALUE);
    }
    return (int) result;
  }

  @Override
  public Map<String, Long> sums(Map<String, List<Integer>> groups) {
    Map<String, Long> sums = new HashMap<>();
    groups.forEach((name, numbers) -> sums.put(name, numbers.stream().mapToLong(Integer::longValue).sum()));
    return sums;
  }

  @Override
  public List<Work> history(Operation operation, Set<String> tags) {
    return null;
  }

  @Override
  public int slow(int milliseconds) {
    System.out.println("slow " + milliseconds);
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return milliseconds;
  }

  @Override
  public void crash() {
    throw new IllegalStateException("intentional");
  }

  @Override
  public String describe(String event, boolean checked) {
    return event + ": " + (checked ? "yes" : "no");
  }

  @Override
  public void note(String text) {
    System.out.println("note " + text);
  }

  @Override
  public int add(int left, int right) {
    return left + right;
  }
}
