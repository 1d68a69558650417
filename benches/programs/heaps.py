"""A priority queue in Python: sift up and down in lists of tuples, shortest paths on a grid."""


def push(heap, item):
    heap.append(item)
    at = len(heap) - 1
    while at > 0:
        parent = (at - 1) >> 1
        if heap[parent] <= item:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = item


def pop(heap):
    last = heap.pop()
    if not heap:
        return last
    first, heap[0] = heap[0], last
    at, size = 0, len(heap)
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if last <= heap[child]:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = last
    return first


def shortest(width, height):
    cost = [[(x * 7 + y * 13 + x * y) % 10 + 1 for x in range(width)] for y in range(height)]
    best = {(0, 0): 0}
    heap = [(0, 0, 0)]
    while heap:
        so_far, x, y = pop(heap)
        if so_far > best[x, y]:
            continue
        for nx, ny in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if 0 <= nx < width and 0 <= ny < height:
                after = so_far + cost[ny][nx]
                if after < best.get((nx, ny), 1 << 30):
                    best[nx, ny] = after
                    push(heap, (after, nx, ny))
    return best[width - 1, height - 1], sum(best.values()) % 1_000_003


def main():
    return shortest(170, 120)


if __name__ == "__main__":
    print(main())
