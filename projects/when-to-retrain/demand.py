"""Simulated daily demand over three years, with two breaks whose days are known because we made them."""

import numpy as np

DAYS = 3 * 365


def simulate(rng: np.random.Generator, ramp: int = 1) -> dict[str, np.ndarray]:
    """Return one history: day, temperature, promotion, demand, and the regime (0, 1, 2) it was drawn from.

    The first break, in the second year, moves the level: a customer comes or goes. The second, in the third year,
    moves demand between weekend and working days and leaves the weekly sum as it was. Day and size of both are
    random; each comes overnight, or little by little over `ramp` days.
    """
    day = np.arange(DAYS)
    year = 2 * np.pi * day / 365
    temperature = 11 - 9 * np.cos(year) + correlated(rng, 0.8, 3.0)
    promotion = (rng.random(DAYS) < 0.1).astype(float)
    breaks = 365 + rng.integers(60, 305), 730 + rng.integers(60, 305)
    regime = np.searchsorted(breaks, day, side="right")
    first, second = (np.clip((day - start + 1) / ramp, 0, 1) for start in breaks)
    customer = rng.choice([-1, 1]) * rng.uniform(12, 24)
    moved = rng.choice([-1, 1]) * rng.uniform(15, 30)  # a weekend day's gain is shared by five working days as a loss
    weekly = np.array([0, 4, 6, 6, 10, -8, -18])[day % 7]
    moves = np.where(day % 7 >= 5, moved, -moved * 2 / 5)
    level = 120 + 0.006 * day + customer * first
    demand = level + weekly + moves * second + 8 * np.sin(year) - 0.8 * (temperature - 11) + 15 * promotion
    demand += correlated(rng, 0.3, 6.0)
    return {"day": day, "temperature": temperature, "promotion": promotion, "demand": demand, "regime": regime}


def correlated(rng: np.random.Generator, memory: float, deviation: float) -> np.ndarray:
    """Return stationary noise of that standard deviation in which each day remembers the one before."""
    noise = rng.normal(scale=deviation, size=DAYS)
    for today in range(1, DAYS):
        noise[today] = memory * noise[today - 1] + np.sqrt(1 - memory**2) * noise[today]
    return noise
