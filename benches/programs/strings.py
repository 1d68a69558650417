"""Building, splitting, formatting and searching text."""


def main():
    lines = []
    for i in range(60_000):
        lines.append(f"{i:06d};name {i % 97};{i * 1.5:.2f}")
    text = "\n".join(lines)
    total = 0
    upper = 0
    for line in text.split("\n"):
        key, name, value = line.split(";")
        total += int(key) + len(value)
        if name.startswith("name 4"):
            upper += name.upper().count("4")
    check = 0
    for c in text[:200_000]:
        check = (check * 31 + ord(c)) % 65_521
    return total, upper, check, text.replace("name", "n").find("n 96")


if __name__ == "__main__":
    print(main())
