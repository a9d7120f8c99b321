# A contract with what real services have: declared exceptions, oneway, inheritance, containers, keywords, a deprecated method.
namespace netstd Circuit.Calculators
namespace py calculator

enum Operation {
  ADD = 1,
  SUBTRACT = 2,
  MULTIPLY = 3,
  DIVIDE = 4
}

struct Work {
  1: required i32 left,
  2: required i32 right,
  3: Operation operation = Operation.ADD,
  4: optional string comment
}

exception DivisionByZero {
  1: Work work
}

exception Overflow {
  1: string reason,
  2: optional i64 limit
}

/** What every service of the family can do. */
service Monitored {
  /** Answers at once. */
  void ping()

  /** Answers with the text it was sent; the tests distinguish replies by it. */
  string echo(1: string text)
}

service Calculator extends Monitored {
  i32 calculate(1: Work work) throws (1: DivisionByZero divisionByZero, 2: Overflow overflow)

  /** Adds up numbers in groups: containers in, containers out. */
  map<string, i64> sums(1: map<string, list<i32>> groups) throws (1: Overflow overflow)

  /** The history of one operation, oldest first; null is "unknown operation". */
  list<Work> history(1: Operation operation, 2: set<string> tags)

  /** Takes its time, then answers with the number it was sent. */
  i32 slow(1: i32 milliseconds)

  /** Fails with an error that no contract declares. */
  void crash()

  /** An argument named like a C# keyword. */
  string describe(1: string event, 2: bool checked)

  oneway void note(1: string text)

  i32 add(1: i32 left, 2: i32 right) (deprecated = "use calculate")
}
