"""Write the one simulated history that the figures show: `python make_data.py`."""

from pathlib import Path

import numpy as np
import pandas as pd
from demand import simulate

if __name__ == "__main__":
    target = Path(__file__).parent / "data" / "demand.csv"
    target.parent.mkdir(exist_ok=True)
    history = pd.DataFrame(simulate(np.random.default_rng(0)))
    history = history.astype({"promotion": int}).round({"temperature": 1, "demand": 1})
    history.to_csv(target, index=False, lineterminator="\n")
    print(f"{len(history)} days written to {target.name}")
