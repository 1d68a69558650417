"""The hash of strings is another function, without a seed.  The order of sets of strings is the same in each run.

CPython 3.13 prints:
    siphash13 64

execmon prints:
    multiplicative 64
"""

import sys

print(sys.hash_info.algorithm, sys.hash_info.hash_bits)
