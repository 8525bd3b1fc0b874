"""Prints more than is kept."""

print("the very first line")
for number in range(30_000):
    print(f"{number:>98}")
print("the very last line")
