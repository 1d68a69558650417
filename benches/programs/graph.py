"""Graphs: breadth-first search, shortest paths with a heap in Python, union-find."""


def make(n):
    edges = {}
    seed = 42
    for i in range(n):
        for _ in range(4):
            seed = (seed * 1_103_515_245 + 12_345) & 0x7FFFFFFF
            j = seed % n
            edges.setdefault(i, []).append((j, seed % 17 + 1))
            edges.setdefault(j, []).append((i, seed % 17 + 1))
    return edges


def breadth(edges, start):
    distance = {start: 0}
    queue = [start]
    for node in queue:
        for other, _ in edges[node]:
            if other not in distance:
                distance[other] = distance[node] + 1
                queue.append(other)
    return max(distance.values())


def push(heap, item):
    heap.append(item)
    i = len(heap) - 1
    while i > 0:
        parent = (i - 1) >> 1
        if heap[parent] <= item:
            break
        heap[i] = heap[parent]
        i = parent
    heap[i] = item


def pop(heap):
    last = heap.pop()
    if not heap:
        return last
    top, i, n = heap[0], 0, len(heap)
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        if child + 1 < n and heap[child + 1] < heap[child]:
            child += 1
        if last <= heap[child]:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = last
    return top


def shortest(edges, start):
    best = {}
    heap = [(0, start)]
    while heap:
        cost, node = pop(heap)
        if node in best:
            continue
        best[node] = cost
        for other, weight in edges[node]:
            if other not in best:
                push(heap, (cost + weight, other))
    return sum(best.values())


def components(edges, n):
    parent = list(range(n))

    def find(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, others in edges.items():
        for j, _ in others:
            parent[find(i)] = find(j)
    return len({find(i) for i in range(n)})


def main():
    n = 4000
    edges = make(n)
    return breadth(edges, 0), shortest(edges, 0), components(edges, n)


if __name__ == "__main__":
    print(main())
