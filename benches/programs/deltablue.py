"""Objects that plan and re-plan: one-way constraints of several strengths over chains of variables."""

REQUIRED, STRONG, MEDIUM, WEAK, WEAKEST = range(5)


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.strength = WEAKEST
        self.mark = 0
        self.stay = True


class Constraint:
    def __init__(self, strength):
        self.strength = strength

    def attach(self, planner):
        for v in self.variables():
            v.constraints.append(self)
        planner.add(self)

    def detach(self, planner):
        for v in self.variables():
            v.constraints.remove(self)
        if self.is_satisfied():
            planner.remove(self)

    def satisfy(self, mark):
        self.choose(mark)
        if not self.is_satisfied():
            return None
        for v in self.inputs():
            v.mark = mark
        out = self.output()
        overridden = out.determined_by
        if overridden is not None:
            overridden.forget()
        out.determined_by = self
        self.recalculate()
        out.mark = mark
        return overridden


class Unary(Constraint):
    def __init__(self, variable, strength, planner):
        super().__init__(strength)
        self.out = variable
        self.satisfied = False
        self.attach(planner)

    def variables(self):
        return [self.out]

    def inputs(self):
        return []

    def output(self):
        return self.out

    def is_satisfied(self):
        return self.satisfied

    def forget(self):
        self.satisfied = False

    def choose(self, mark):
        self.satisfied = self.out.mark != mark and self.strength < self.out.strength

    def recalculate(self):
        self.out.strength = self.strength
        self.out.stay = not isinstance(self, Edit)
        if self.out.stay:
            self.execute()

    def execute(self):
        pass


class Stay(Unary):
    pass


class Edit(Unary):
    pass


class Binary(Constraint):
    def __init__(self, a, b, strength, planner):
        super().__init__(strength)
        self.a = a
        self.b = b
        self.direction = 0
        self.attach(planner)

    def variables(self):
        return [self.a, self.b]

    def inputs(self):
        return [self.a if self.direction > 0 else self.b]

    def output(self):
        return self.b if self.direction > 0 else self.a

    def is_satisfied(self):
        return self.direction != 0

    def forget(self):
        self.direction = 0

    def choose(self, mark):
        a, b = self.a, self.b
        if a.mark == mark:
            self.direction = 1 if b.mark != mark and self.strength < b.strength else 0
        elif b.mark == mark:
            self.direction = -1 if self.strength < a.strength else 0
        elif a.strength > b.strength:
            self.direction = -1 if self.strength < a.strength else 0
        else:
            self.direction = 1 if self.strength < b.strength else 0

    def recalculate(self):
        source, out = self.inputs()[0], self.output()
        out.strength = max(self.strength, source.strength)
        out.stay = source.stay
        if out.stay:
            self.execute()


class Equal(Binary):
    def execute(self):
        self.output().value = self.inputs()[0].value


class Scale(Binary):
    def __init__(self, source, scale, offset, target, strength, planner):
        self.scale = scale
        self.offset = offset
        super().__init__(source, target, strength, planner)

    def execute(self):
        if self.direction > 0:
            self.b.value = self.a.value * self.scale.value + self.offset.value
        else:
            self.a.value = (self.b.value - self.offset.value) // self.scale.value


class Planner:
    def __init__(self):
        self.current = 0

    def new_mark(self):
        self.current += 1
        return self.current

    def add(self, constraint):
        mark = self.new_mark()
        overridden = constraint.satisfy(mark)
        while overridden is not None:
            overridden = overridden.satisfy(mark)
        if constraint.is_satisfied():
            self.propagate(constraint, mark)

    def remove(self, constraint):
        out = constraint.output()
        constraint.forget()
        out.determined_by = None
        out.strength = WEAKEST
        out.stay = True
        unsatisfied = sorted((c for c in self.downstream(out) if not c.is_satisfied()), key=lambda c: c.strength)
        for c in unsatisfied:
            self.add(c)

    def downstream(self, variable):
        found, todo = [], [variable]
        while todo:
            v = todo.pop()
            for c in v.constraints:
                if not c.is_satisfied():
                    found.append(c)
                elif c is not v.determined_by:
                    c.recalculate()
                    todo.append(c.output())
        return found

    def propagate(self, constraint, mark):
        todo = [constraint.output()]
        while todo:
            v = todo.pop()
            for c in v.constraints:
                if c is not v.determined_by and c.is_satisfied() and c.output().mark != mark:
                    c.recalculate()
                    c.output().mark = mark
                    todo.append(c.output())

    def plan(self, edits):
        mark = self.new_mark()
        plan, todo = [], [e for e in edits if e.is_satisfied()]
        while todo:
            c = todo.pop()
            out = c.output()
            if out.mark != mark and all(v.mark == mark or v.stay for v in c.inputs()):
                plan.append(c)
                out.mark = mark
                todo += [d for d in out.constraints if d is not c and d.is_satisfied()]
        return plan


def change(variable, value, planner):
    edit = Edit(variable, STRONG, planner)
    plan = planner.plan([edit])
    for _ in range(10):
        variable.value = value
        for c in plan:
            c.execute()
    edit.detach(planner)


def chain(n):
    planner = Planner()
    variables = [Variable(f"v{i}", 0) for i in range(n + 1)]
    for a, b in zip(variables, variables[1:]):
        Equal(a, b, REQUIRED, planner)
    Stay(variables[-1], STRONG + 1, planner)
    for i in range(0, 90, 3):
        change(variables[0], i, planner)
    return variables[-1].value


def projection(n):
    planner = Planner()
    scale, offset = Variable("scale", 10), Variable("offset", 1000)
    targets = []
    for i in range(n):
        source, target = Variable(f"s{i}", i), Variable(f"t{i}", i)
        targets.append(target)
        Stay(source, WEAK, planner)
        Scale(source, scale, offset, target, REQUIRED, planner)
        if i % 4 == 0:
            change(source, 17 + i, planner)
    return sum(t.value for t in targets)


def main():
    return chain(300), projection(1200)


if __name__ == "__main__":
    print(main())
