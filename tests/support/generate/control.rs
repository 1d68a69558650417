//! Functions and generators of nested statements: loops, conditions, `try`, `with`, and every way out of them.

use super::Random;

/// Where a statement stands, which decides what may be in it.
#[derive(Clone, Copy)]
struct Place {
    in_loop: bool,
    in_function: bool,
    in_generator: bool,
    /// An enclosing `except`: a bare `raise` has something to raise.
    in_handler: bool,
    /// Loops around it: what grows in each turn must not grow long.
    loops: usize,
    depth: usize,
}

struct Generator {
    random: Random,
    text: String,
    indent: usize,
    /// Numbers the loop counters and nested functions.
    serial: usize,
    /// Statements that may still be written, so that programs stay small.
    fuel: usize,
    /// The module's last lines, which call the functions.
    calls: Vec<String>,
}

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];
const ERRORS: [&str; 8] =
    ["Odd", "Even", "ValueError", "KeyError", "ZeroDivisionError", "TypeError", "IndexError", "LookupError"];

/// Functions, calls of them, and statements of the module.
pub fn section(random: Random) -> String {
    let mut generator = Generator { random, text: String::new(), indent: 0, serial: 0, fuel: 0, calls: Vec::new() };
    generator.program();
    generator.text
}

impl Generator {
    fn program(&mut self) {
        let functions = 2 + self.random.below(3);
        for number in 0..functions {
            self.function(number);
        }
        for call in std::mem::take(&mut self.calls) {
            self.line(&call);
        }
        self.fuel = 12;
        self.line("a, b, c, d, e = 1, 2, [3, 4], 'five', None");
        self.line("try:");
        let place =
            Place { in_loop: false, in_function: false, in_generator: false, in_handler: false, loops: 0, depth: 1 };
        self.suite(place);
        self.line("except Exception as error:");
        self.line("    print('module', type(error).__name__, error)");
        self.line("print(a, b, c, d, e) if 'e' in globals() else None");
        if self.random.chance(15) {
            self.line("f0(1, 0)");
            self.line("f1(3)");
        }
    }

    fn function(&mut self, number: usize) {
        let generates = self.random.chance(40);
        self.fuel = 10 + self.random.below(22);
        let header = self.random.pick(&[
            "(a, b=2, c=(1, 2, 3))",
            "(a=1, *b, c=3)",
            "(a, /, b=0, **c)",
            "(a, b=None, *, c='xyz')",
            "(*a)",
        ]);
        if self.random.chance(15) {
            self.line("@lambda function: function");
        }
        self.line(&format!("def f{number}{header}:"));
        if self.random.chance(20) {
            self.line("    \"\"\"What it does.\"\"\"");
        }
        let place =
            Place { in_loop: false, in_function: true, in_generator: generates, in_handler: false, loops: 0, depth: 1 };
        self.indent += 1;
        if self.random.chance(60) {
            self.line("d = e = 0");
        }
        if generates && self.random.chance(50) {
            self.line("d = yield a");
        }
        self.indent -= 1;
        self.suite(place);
        if generates {
            self.line("    yield 'last'");
        }
        self.text.push_str("\n\n");
        for _ in 0..1 + self.random.below(2) {
            let values = self.random.pick(&["1, 2", "5", "0, 'q'", "[1, 2]", "2, 3, 4", "'k', 1", ""]);
            if generates {
                let plan: Vec<String> = (0..2 + self.random.below(5))
                    .map(|_| {
                        let step = self.random.pick(&[
                            "('next', 0)",
                            "('next', 0)",
                            "('send', None)",
                            "('send', 7)",
                            "('throw', Odd('thrown'))",
                            "('throw', Even(2))",
                            "('throw', KeyError('k'))",
                            "('close', 0)",
                        ]);
                        step.to_owned()
                    })
                    .collect();
                self.calls
                    .push(format!("show('f{number}', lambda: drive(f{number}({values}), [{}]))", plan.join(", ")));
                if self.random.chance(40) {
                    self.calls.push(format!("show('f{number}', lambda: list(f{number}({values})))"));
                }
            } else {
                let comma = if values.is_empty() { "" } else { ", " };
                self.calls.push(format!("show('f{number}', f{number}{comma}{values})"));
            }
        }
    }

    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.text.push_str("    ");
        }
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn serial(&mut self) -> usize {
        self.serial += 1;
        self.serial
    }

    fn name(&mut self) -> &'static str {
        self.random.pick(&NAMES)
    }

    /// An indented block.
    fn suite(&mut self, place: Place) {
        self.indent += 1;
        let count = 1 + self.random.below(4);
        for _ in 0..count {
            self.statement(place);
        }
        self.indent -= 1;
    }

    /// `header:` with a block, now and then on one line.
    fn block(&mut self, header: &str, place: Place) {
        if self.random.chance(12) {
            let simple = self.simple(place);
            self.line(&format!("{header}: {simple}"));
            return;
        }
        self.line(&format!("{header}:"));
        self.suite(Place { depth: place.depth + 1, ..place });
    }

    fn statement(&mut self, place: Place) {
        self.fuel = self.fuel.saturating_sub(1);
        if self.fuel == 0 || place.depth > 5 || self.random.chance(45) {
            let mut simple = self.simple(place);
            if self.random.chance(8) {
                let more = self.simple(place);
                simple = format!("{simple}; {more}");
            }
            self.line(&simple);
            return;
        }
        match self.random.below(10) {
            0 | 1 => self.if_statement(place),
            2 if place.loops < 2 => self.for_statement(place),
            3 if place.loops < 2 => self.while_statement(place),
            4..=6 => self.try_statement(place),
            7 => self.with_statement(place),
            8 => self.nested_function(place),
            _ => self.match_like(place),
        }
    }

    fn if_statement(&mut self, place: Place) {
        let condition = self.condition();
        self.block(&format!("if {condition}"), place);
        while self.random.chance(25) {
            let condition = self.condition();
            self.block(&format!("elif {condition}"), place);
        }
        if self.random.chance(40) {
            self.block("else", place);
        }
    }

    fn for_statement(&mut self, place: Place) {
        let target = match self.random.below(6) {
            0 => "a, b".to_owned(),
            1 => "a, *b".to_owned(),
            2 => "(c)".to_owned(),
            _ => self.name().to_owned(),
        };
        let over = match self.random.below(9) {
            0 => "range(3)".to_owned(),
            1 => "(1, 'b', None)".to_owned(),
            2 => "[(1, 2), (3, 4)]".to_owned(),
            3 => "enumerate('ab')".to_owned(),
            4 => "Steps(1, 2, 3)".to_owned(),
            5 => "echo(5, 6)".to_owned(),
            6 => "{'k': 1, 'l': 2}.items()".to_owned(),
            7 => "(x * 2 for x in range(3) if x != 1)".to_owned(),
            _ => self.expression(0),
        };
        self.block(&format!("for {target} in {over}"), Place { in_loop: true, loops: place.loops + 1, ..place });
        if self.random.chance(35) {
            self.block("else", place);
        }
    }

    fn while_statement(&mut self, place: Place) {
        let counter = format!("w{}", self.serial());
        self.line(&format!("{counter} = 0"));
        let condition = match self.random.below(4) {
            0 => format!("({counter} := {counter} + 1) < 4 and {}", self.condition()),
            1 => format!("not ({counter} := {counter} + 1) > 2"),
            _ => format!("({counter} := {counter} + 1) < 4"),
        };
        self.block(&format!("while {condition}"), Place { in_loop: true, loops: place.loops + 1, ..place });
        if self.random.chance(35) {
            self.block("else", place);
        }
    }

    fn try_statement(&mut self, place: Place) {
        self.block("try", place);
        let handlers = self.random.below(3);
        let handler = Place { in_handler: true, ..place };
        for _ in 0..handlers {
            let error = self.random.pick(&ERRORS);
            let header = match self.random.below(5) {
                0 => format!("except ({error}, OSError)"),
                1 | 2 => format!("except {error} as error"),
                3 => "except (Odd, ArithmeticError) as e".to_owned(),
                _ => format!("except {error}"),
            };
            self.block(&header, handler);
        }
        if handlers > 0 && self.random.chance(20) {
            self.block("except", handler);
        }
        if handlers > 0 && self.random.chance(30) {
            self.block("else", place);
        }
        if handlers == 0 || self.random.chance(45) {
            self.block("finally", place);
        }
    }

    fn with_statement(&mut self, place: Place) {
        let arguments = self.random.pick(&["", ", True", ", False, True", ", swallow=True"]);
        let one = format!("Guard('{}'{arguments})", self.random.pick(&["g", "hh", "iii"]));
        let header = match self.random.below(5) {
            0 => format!("with {one} as {}, Guard('in', True)", self.name()),
            1 => format!("with ({one} as {},\n{}      Guard('two') as b)", self.name(), "    ".repeat(self.indent)),
            2 | 3 => format!("with {one} as {}", self.name()),
            _ => format!("with {one}"),
        };
        self.block(&header, place);
    }

    fn nested_function(&mut self, place: Place) {
        let name = format!("g{}", self.serial());
        let inner = Place { in_loop: false, in_function: true, in_generator: self.random.chance(30), ..place };
        self.line(&format!("def {name}(a=1, *args):"));
        if place.in_function && self.random.chance(40) {
            self.line("    nonlocal d");
        } else if self.random.chance(20) {
            self.line("    global e");
        }
        self.suite(Place { in_handler: false, depth: place.depth + 1, ..inner });
        if inner.in_generator {
            self.line("    yield a");
            self.line(&format!("print(*{name}(3))"));
        } else {
            let arguments = self.random.pick(&["", "2", "a", "*'xy'"]);
            self.line(&format!("e = {name}({arguments})"));
        }
        // The name of a nonlocal must be bound in the function around it.
        if place.in_function {
            self.line("d = e");
        }
    }

    /// A chain of comparisons with one subject, as people write where they do not use `match`.
    fn match_like(&mut self, place: Place) {
        let subject = self.name();
        self.block(&format!("if isinstance({subject}, (list, tuple)) and {subject}[:1]"), place);
        self.block(&format!("elif isinstance({subject}, str)"), place);
        let condition = self.condition();
        self.block(&format!("elif {condition}"), place);
    }

    /// A statement on one line.
    fn simple(&mut self, place: Place) -> String {
        let name = self.name();
        match self.random.below(24) {
            0..=3 => format!("{name} = {}", self.expression(0)),
            4 | 5 => format!("print({})", self.printed()),
            6 => format!("print(f\"{{{name}!r:>{}}} {{{}}}\")", 2 + self.random.below(8), self.small()),
            7 => format!("{name} {}= {}", self.random.pick(&["+", "-", "//", "%", "&", "|"]), self.literal()),
            8 if place.in_loop => "break".to_owned(),
            9 | 10 if place.in_loop => "continue".to_owned(),
            11 if place.in_function && !place.in_generator => format!("return {}", self.expression(1)),
            11 | 12 if place.in_function => "return".to_owned(),
            13..=15 if place.in_generator => match self.random.below(5) {
                0 => format!("{name} = yield from echo(1, {name})"),
                1 => format!("{name} = yield {}", self.expression(1)),
                2 => "yield from (7, 8)".to_owned(),
                3 => format!("print('sent', (yield {name}))"),
                _ => "yield".to_owned(),
            },
            16 => match self.random.below(5) {
                0 if place.in_handler => "raise".to_owned(),
                1 => format!("raise {} from Odd({name})", self.random.pick(&ERRORS)),
                2 => format!("raise {}('no') from None", self.random.pick(&ERRORS)),
                _ => format!("raise {}({name})", self.random.pick(&ERRORS)),
            },
            17 => format!("assert {}, {}", self.condition(), self.small()),
            18 => format!("del {name}"),
            19 => match self.random.below(4) {
                0 => "a, b = b, a".to_owned(),
                1 => format!("a, *b = {}", self.expression(1)),
                2 => format!("[a, (b, c)] = {name}, (1, {})", self.small()),
                _ => format!("c = d = {}", self.small()),
            },
            20 => format!("fail({}, {name})", self.random.pick(&ERRORS)),
            21 => format!("{name}[{}] = {}", self.small(), self.small()),
            22 => "pass".to_owned(),
            _ => format!("print('{name}', {})", self.expression(0)),
        }
    }

    fn printed(&mut self) -> String {
        let one = self.expression(0);
        match self.random.below(4) {
            0 => format!("'at', {one}, sep='='"),
            // Over several lines.
            1 => {
                let indent = "    ".repeat(self.indent + 1);
                format!("'multi',\n{indent}{one},\n{indent}{}", self.small())
            }
            _ => one,
        }
    }

    fn condition(&mut self) -> String {
        let name = self.name();
        let small = self.small();
        match self.random.below(10) {
            0 => name.to_owned(),
            1 => format!("not {name}"),
            2 => format!("{name} == {small}"),
            3 => format!("{name} is None"),
            4 => format!("0 < {small} <= {name}"),
            5 => format!("{name} and {small}"),
            6 => format!("{name} or not {small}"),
            7 => format!("{name} in (1, 'k', {small})"),
            8 => format!("({name} if {small} else not {name})"),
            _ => format!("{name} != {small} and ({small} or {name})"),
        }
    }

    fn small(&mut self) -> String {
        if self.random.chance(22) { self.name().to_owned() } else { self.literal() }
    }

    /// Never a name: a value that is added to itself in a loop grows beyond all bounds.
    fn literal(&mut self) -> String {
        match self.random.below(7) {
            2 => "'s'".to_owned(),
            3 => "None".to_owned(),
            4 => "-1".to_owned(),
            5 => "2.5".to_owned(),
            _ => self.random.below(7).to_string(),
        }
    }

    fn expression(&mut self, depth: usize) -> String {
        let (name, small) = (self.name(), self.small());
        if depth > 2 {
            return small;
        }
        match self.random.below(24) {
            0..=2 => small,
            3 => format!("{name} + {}", self.literal()),
            4 => format!("{} - {small}", self.expression(depth + 1)),
            5 => format!("{name} % {small}"),
            6 => format!("{small} // {name}"),
            7 => format!("({} if {} else {small})", self.expression(depth + 1), self.condition()),
            8 => format!("[{name}, {}]", self.expression(depth + 1)),
            9 => format!("({}, *{name})", self.expression(depth + 1)),
            10 => format!("{{'k': {small}, **({{'m': {name}}} if {} else {{}})}}", self.condition()),
            11 => format!("[x for x in {} if {}]", self.expression(depth + 1), self.condition()),
            12 => format!("[(x, y) for x in range(2) for y in ({name}, {small}) if x != y]"),
            13 => format!("{{x: {name} for x in 'ab'}}"),
            14 => format!("sorted(str(x) for x in ({small}, {name}))"),
            15 => format!("{name}[{small}]"),
            16 => format!("{name}[:{}]", self.random.below(3)),
            17 => format!("(lambda q, *r: [q, r, {name}])({small}, {})", self.random.below(5)),
            // Not inside a comprehension's iterable, where `:=` is a syntax error.
            18 if depth == 0 => format!("({name} := {})", self.expression(depth + 1)),
            19 => format!("{} == {}", self.expression(depth + 1), self.expression(depth + 1)),
            20 => format!("len({})", self.expression(depth + 1)),
            21 => format!("'{{}}-{{:>3}}'.format({small}, {})", self.random.below(9)),
            22 => format!("max({small}, {})", self.expression(depth + 1)),
            _ => format!("({} and {})", self.expression(depth + 1), self.expression(depth + 1)),
        }
    }
}
