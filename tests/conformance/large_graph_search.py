"""Graphs: breadth first, depth first, Dijkstra on an own heap, topological order."""


class CycleError(Exception):
    pass


class Heap:
    def __init__(self):
        self.items = []

    def __bool__(self):
        return bool(self.items)

    def push(self, item):
        items = self.items
        items.append(item)
        i = len(items) - 1
        while i and items[i] < items[(parent := (i - 1) // 2)]:
            items[i], items[parent] = items[parent], items[i]
            i = parent

    def pop(self):
        items = self.items
        items[0], items[-1] = items[-1], items[0]
        smallest = items.pop()
        i = 0
        while (child := 2 * i + 1) < len(items):
            if child + 1 < len(items) and items[child + 1] < items[child]:
                child += 1
            if items[i] <= items[child]:
                break
            items[i], items[child] = items[child], items[i]
            i = child
        return smallest


class Graph:
    def __init__(self, *edges):
        self.edges = {}
        for a, b, *rest in edges:
            self.edges.setdefault(a, {})[b] = rest[0] if rest else 1
            self.edges.setdefault(b, {})

    def breadth_first(self, start):
        seen, queue = {start}, [start]
        while queue:
            node = queue.pop(0)
            yield node
            for other in self.edges[node]:
                if other not in seen:
                    seen.add(other)
                    queue.append(other)

    def depth_first(self, node, seen=None):
        seen = set() if seen is None else seen
        if node in seen:
            return
        seen.add(node)
        yield node
        for other in self.edges[node]:
            yield from self.depth_first(other, seen)

    def shortest(self, start, goal):
        heap, best = Heap(), {}
        heap.push((0, start, (start,)))
        while heap:
            cost, node, path = heap.pop()
            if node in best:
                continue
            best[node] = cost
            if node == goal:
                return cost, path
            for other, weight in self.edges[node].items():
                if other not in best:
                    heap.push((cost + weight, other, path + (other,)))
        else:
            raise LookupError(f"no path from {start} to {goal}")

    def topological(self):
        order, state = [], {}

        def visit(node):
            if state.get(node) == "open":
                raise CycleError(node)
            if node in state:
                return
            state[node] = "open"
            try:
                for other in self.edges[node]:
                    visit(other)
            finally:
                state[node] = "done"
            order.append(node)

        for node in self.edges:
            visit(node)
        return order[::-1]


roads = Graph(("a", "b", 4), ("a", "c", 1), ("c", "b", 2), ("b", "d", 5), ("c", "d", 9), ("e", "a"))
print(list(roads.breadth_first("a")), list(roads.depth_first("a")))
print(roads.shortest("a", "d"), roads.shortest("e", "b"))
try:
    roads.shortest("d", "a")
except LookupError as error:
    print(error)
print(roads.topological())
try:
    Graph((1, 2), (2, 3), (3, 1)).topological()
except CycleError as error:
    print("cycle at", error.args[0])
walk = roads.depth_first("a")
print(next(walk), next(walk))
walk.close()
