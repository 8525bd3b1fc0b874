"""An ordinary script: it shows, saves and leaves open figures, writes files, prints and warns."""

import csv
import json
import warnings
from pathlib import Path

import matplotlib.pyplot as plt

plt.plot([1, 2, 3], [1, 4, 9])
plt.title("Shown first")
plt.xlabel("time")
plt.ylabel("distance")
plt.show()

plt.bar(["a", "b"], [3, 5])
plt.title("Shown second")
plt.show()

plt.scatter([1, 2, 3], [3, 1, 2])
plt.title("Saved to a file")
plt.savefig("scatter_plot.png")
plt.close()

plt.plot([3, 2, 1])
plt.title("Left open")

with Path("out.csv").open("w", encoding="utf-8", newline="") as stream:
    csv.writer(stream).writerows([["name", "score"], ["one", 1], ["two", 2]])
Path("metrics.json").write_text(json.dumps({"test": {"rmse": 0.5}, "rows": 12}), encoding="utf-8")
warnings.warn("a warning of the script", UserWarning, stacklevel=1)
print("printed by the script")
