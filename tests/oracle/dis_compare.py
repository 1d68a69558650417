"""Compares our stack IR with the bytecode of CPython 3.13, code object by code object.

    cargo build --example dump_ir
    python3.13 tests/oracle/dis_compare.py target/debug/examples/dump_ir [--show N] [--sample N] FILES or folders

Equal means: the same instructions in the same order, each with the same operand (constants by repr), line, jump target
and exception handler (place, depth, lasti).  Columns are a second measure.  Both sides are normalised: no
superinstructions, caches, EXTENDED_ARG; jumps have no direction.  Annotations are removed before CPython compiles,
because ours are lazy (3.14).
"""

import argparse
import ast
import collections
import dis
import os
import re
import subprocess
import sys
import warnings

SPLIT = {
    "LOAD_FAST_LOAD_FAST": ("LOAD_FAST", "LOAD_FAST"),
    "STORE_FAST_LOAD_FAST": ("STORE_FAST", "LOAD_FAST"),
    "STORE_FAST_STORE_FAST": ("STORE_FAST", "STORE_FAST"),
}
RENAME = {
    "JUMP_FORWARD": "JUMP", "JUMP_BACKWARD": "JUMP", "JUMP_BACKWARD_NO_INTERRUPT": "JUMP_NO_INTERRUPT",
    "LOAD_CLOSURE": "LOAD_FAST", "STORE_FAST_MAYBE_NULL": "STORE_FAST",
}
TARGETS = ("JUMP", "POP_JUMP", "FOR_ITER", "SEND")
LINE = re.compile(r"(\d+) (-?\d+):(-?\d+)-(-?\d+):(-?\d+) (\w+)((?: .*?)??)(?: -> (\d+))?(?: !(\d+)/(\d+)(/lasti)?)?$")


class StripAnnotations(ast.NodeTransformer):
    def __init__(self):
        self.in_function = [False]

    def visit_args(self, node):
        self.generic_visit(node)
        node.annotation = None
        return node

    visit_arg = visit_args

    def function(self, node):
        node.returns = None
        self.in_function.append(True)
        self.generic_visit(node)
        self.in_function.pop()
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = function

    def visit_ClassDef(self, node):
        self.in_function.append(False)
        self.generic_visit(node)
        self.in_function.pop()
        return node

    def visit_AnnAssign(self, node):
        self.generic_visit(node)
        if not node.simple and not self.in_function[-1]:
            return node  # evaluated where it stands, also in 3.14
        if node.value is not None:
            return ast.copy_location(ast.Assign([node.target], node.value), node)
        if self.in_function[-1]:
            node.annotation = ast.copy_location(ast.Constant(None), node.annotation)
            return node
        return ast.copy_location(ast.Pass(), node)


def const(value):
    if isinstance(value, type(ast.parse.__code__)):
        return "code"
    if isinstance(value, str):
        return "str"
    if isinstance(value, (tuple, frozenset)):
        return type(value).__name__ + str(len(value))
    return repr(value)


def ours_const(text):
    if text.startswith(" code#"):
        return "code"
    if text.startswith((' "', " surrogates")):
        return "str"
    return None


def theirs(code):
    """[(op, arg, line, target, handler), ...] and columns of a code object."""
    rows, at, columns = [], {}, []
    for ins in dis.get_instructions(code):
        if ins.opname in ("EXTENDED_ARG", "CACHE", "SETUP_ANNOTATIONS"):
            at[ins.offset] = len(rows)
            continue
        at[ins.offset] = len(rows)
        for start in range(ins.start_offset, ins.offset, 2):
            at[start] = len(rows)
        name = RENAME.get(ins.opname, ins.opname)
        target = None
        if name.startswith(TARGETS):
            target = ins.argval
        pos = ins.positions
        line = -1 if pos.lineno is None else pos.lineno
        parts = SPLIT.get(name, (name,))
        column = tuple(-1 if p is None else p for p in (pos.col_offset, pos.end_lineno, pos.end_col_offset))
        values = ins.argval if len(parts) == 2 and isinstance(ins.argval, tuple) else (ins.argval,) * len(parts)
        for i, part in enumerate(parts):
            arg = None
            if "CONST" in part and "MAP" not in part:
                arg = const(ins.argval)
            elif part.endswith(("_FAST", "_FAST_CHECK", "_FAST_AND_CLEAR", "_DEREF", "MAKE_CELL", "_NAME", "_GLOBAL", "_ATTR", "IMPORT_FROM", "_GLOBALS")):
                arg = values[i]
            elif ins.arg is not None and target is None and ins.opcode >= dis.HAVE_ARGUMENT and part not in ("COMPARE_OP",):
                arg = str(ins.arg)
            elif part == "COMPARE_OP":
                arg = ins.argrepr
            rows.append([part, arg, line, target, None, ins.offset])
            columns.append(None if i else column)  # a superinstruction has one location
    for row in rows:
        if row[3] is not None:
            row[3] = at.get(row[3])
    for entry in dis._parse_exception_table(code):
        for row in rows:
            if entry.start <= row[5] < entry.end:
                row[4] = (at[entry.target], entry.depth, entry.lasti)
    return [tuple(row[:5]) for row in rows], columns


def walk(code):
    yield code
    for value in code.co_consts:
        if hasattr(value, "co_code"):
            yield from walk(value)


def ours(lines):
    """Like theirs(), from the lines of one code object in the dump."""
    rows, first, columns = [], {}, []
    for text in lines:
        match = LINE.match(text)
        if not match:
            raise ValueError(text)
        block, line, col, end_line, end_col, op, arg, target, handler, depth, lasti = match.groups()
        first.setdefault(int(block), len(rows))
        op = RENAME.get(op, op)
        arg = arg.strip() or None
        if "CONST" in op and "MAP" not in op and arg is not None:
            if arg.startswith("code#"):
                arg = "code"
            elif arg.startswith(('"', "surrogates")):
                arg = "str"
            elif arg.startswith(("(", "frozenset")) and not arg.endswith("j)"):
                arg = ("frozenset" if arg.startswith("f") else "tuple")
        elif arg is not None and arg.endswith("+ NULL|self"):
            arg = arg.split(" ")[0]
        handler = None if handler is None else (int(handler), int(depth), lasti is not None)
        rows.append([op, arg, int(line), None if target is None else int(target), handler])
        columns.append((int(col), int(end_line), int(end_col)))
    for row in rows:
        if row[3] is not None:
            row[3] = first[row[3]]
        if row[4] is not None:
            row[4] = (first[row[4][0]], *row[4][1:])
    return [tuple(row) for row in rows], columns


def same(a, b):
    if a[0] != b[0] or a[2:4] != b[2:4]:
        return False
    if a[4] != b[4] and not (a[0] == "JUMP" and a[4] is None):
        # CPython loses the handler of the jump that it adds behind a conditional jump back
        return False
    x, y = a[1], b[1]
    if x == y:
        return True
    if x is None or y is None:
        return {x, y} <= {None, "0", ""}
    if "CONST" in a[0]:
        if x.startswith(("tuple", "frozenset")):
            return y.startswith(("tuple", "frozenset")) and x.rstrip("0123456789") == y
        try:
            return complex(x) == complex(y) or x == y
        except ValueError:
            return x[:2] in ("b'", 'b"') and y.startswith("b")
    return False


def files(paths):
    for path in paths:
        if os.path.isdir(path):
            for root, dirs, names in os.walk(path):
                dirs.sort()
                for name in sorted(names):
                    if name.endswith(".py"):
                        yield os.path.join(root, name)
        else:
            yield path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dump_ir", help="the example's executable, or with --dumped a file with its output")
    parser.add_argument("--dumped", action="store_true")
    parser.add_argument("--show", type=int, default=0, help="print so many differences")
    parser.add_argument("--sample", type=int, default=1, help="only each Nth file")
    parser.add_argument("--at-least", type=float, default=None, help="fail below this percentage")
    parser.add_argument("paths", nargs="+")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    names = list(files(options.paths))[::options.sample]
    if options.dumped:
        with open(options.dump_ir, encoding="utf-8", newline="\n") as file:
            dumped = file.read()
    else:
        run = subprocess.run([options.dump_ir], input="\n".join(names).encode(), capture_output=True)
        if run.returncode:
            sys.exit(run.stderr.decode())
        dumped = run.stdout.decode()
    units, errors, current = collections.defaultdict(list), {}, None
    for text in dumped.split("\n"):
        if text.startswith("file "):
            current = text[5:]
        elif text.startswith("error "):
            errors[current] = text[6:]
        elif text.startswith("code "):
            units[current].append((text, []))
        elif text:
            units[current][-1][1].append(text)
    total = equal = with_columns = shown = 0
    unsupported, first_ops = collections.Counter(), collections.Counter()
    for name in names:
        try:
            with open(name, "rb") as file:
                tree = StripAnnotations().visit(ast.parse(file.read(), name))
            code = compile(tree, name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        if name in errors:
            unsupported[re.sub(r"^\d+:\d+ ", "", errors[name])] += 1
            if "supported" not in errors[name]:
                print("error", name, errors[name])
            continue
        codes = list(walk(code))
        mine = units[name]
        if len(codes) != len(mine):
            print("number of code objects differs", name, len(codes), len(mine))
            total += len(codes)
            continue
        for theirs_code, (head, lines) in zip(codes, mine):
            total += 1
            a, a_columns = theirs(theirs_code)
            b, b_columns = ours(lines)
            if len(a) == len(b) and all(map(same, a, b)):
                equal += 1
                wrong = [i for i, x in enumerate(a_columns) if x is not None and x != b_columns[i]]
                if not wrong:
                    with_columns += 1
                elif options.show < 0 and shown < -options.show:
                    shown += 1
                    at = wrong[0]
                    print("columns", name, head, a[at], a_columns[at], b_columns[at])
                continue
            at = next((i for i in range(min(len(a), len(b))) if not same(a[i], b[i])), min(len(a), len(b)))
            pair = (a[at][0] if at < len(a) else None, b[at][0] if at < len(b) else None)
            first_ops[pair] += 1
            if shown < options.show:
                shown += 1
                print(f"--- {name} {head}")
                for i in range(max(0, at - 3), at + 4):
                    mark = "!" if i == at else " "
                    print(mark, i, a[i] if i < len(a) else None, "|", b[i] if i < len(b) else None)
    print(f"{equal} of {total} code objects equal ({100 * equal / max(total, 1):.2f} %), {with_columns} with columns")
    for pair, count in first_ops.most_common(15):
        print("  first difference", *pair, count)
    for message, count in unsupported.most_common(10):
        print("  not compiled:", count, message)
    if options.at_least is not None and 100 * equal < options.at_least * total:
        sys.exit(1)


main()
