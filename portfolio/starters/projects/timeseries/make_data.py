"""Makes data/demand.csv: two years of daily demand with a week's pattern, a year's and a slow rise. Run it by hand."""

from pathlib import Path

import numpy as np
import pandas as pd

random = np.random.default_rng(0)
days = pd.date_range("2024-01-01", periods=730, freq="D")
week = np.array([0, 4, 6, 5, 12, 25, 18])[days.day_of_week]
year = 10 * np.sin(2 * np.pi * days.day_of_year / 365.25)
demand = 80 + week + year + 0.02 * np.arange(len(days)) + random.normal(0, 6, len(days))
folder = Path(__file__).parent / "data"
folder.mkdir(exist_ok=True)
pd.DataFrame({"day": days.date, "demand": demand.round().astype(int)}).to_csv(folder / "demand.csv", index=False)
