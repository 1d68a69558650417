"""The functions `format`, `sys.exception`, `exit` and `quit`."""

print(format(3.14159, '.2f'), format(12345, ','), format('a'), format(3, ''), format(True, 'd'))
try: format('a', 3)
except TypeError as e: print(e)
try: format()
except TypeError as e: print(e)
try: format(1,2,3)
except TypeError as e: print(e)
class V:
    def __format__(self, s): return 3
try: format(V())
except TypeError as e: print(e)
class W:
    def __format__(self, s): return repr(s)
print(format(W(), 'abc'), format(W()))
import sys
print(sys.exception())
try: 1/0
except ZeroDivisionError as e: print(sys.exception() is e)
print(exit, quit)
exit(3)
