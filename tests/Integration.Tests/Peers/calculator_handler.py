"""The calculator of idl/calculator.thrift, for both Python libraries. Prints calls that cannot be observed by their replies."""
import os
import sys
import threading
import time


def end_with_input():
    """Ends this process when its input ends, and so with the process that started it, if that process asks for it."""

    def wait():
        sys.stdin.read()
        os._exit(0)

    if os.environ.get("END_WITH_INPUT") == "1":
        threading.Thread(target=wait, daemon=True).start()


class Calculator:
    def __init__(self, types):
        """types: the module generated from idl/calculator.thrift."""
        self.types = types

    def ping(self):
        pass

    def echo(self, text):
        return text

    def calculate(self, work):
        if work.operation == self.types.Operation.DIVIDE and work.right == 0:
            raise self.types.DivisionByZero(work=work)
        result = {
            self.types.Operation.ADD: lambda: work.left + work.right,
            self.types.Operation.SUBTRACT: lambda: work.left - work.right,
            self.types.Operation.MULTIPLY: lambda: work.left * work.right,
            self.types.Operation.DIVIDE: lambda: int(work.left / work.right),
        }[work.operation]()
        if not -(2**31) <= result < 2**31:
            raise self.types.Overflow(reason="more than 32 bits", limit=2**31 - 1)
        return result

    def sums(self, groups):
        return {name: sum(numbers) for name, numbers in groups.items()}

    def history(self, operation, tags):
        return None

    def slow(self, milliseconds):
        print("slow", milliseconds, flush=True)
        time.sleep(milliseconds / 1000)
        return milliseconds

    def crash(self):
        raise RuntimeError("intentional")

    def describe(self, event, checked):
        return f"{event}: {'yes' if checked else 'no'}"

    def note(self, text):
        print("note", text, flush=True)

    def add(self, left, right):
        return left + right
