"""Which few patterns describe the blocks of a photo best: JPEG's fixed ones, or patterns learned from it?"""

import matplotlib.pyplot as plt
import numpy as np
from by_hand import cosines, jacobi, power
from scipy import fft
from sklearn.datasets import load_sample_images
from sklearn.decomposition import PCA

from portfolio import log_figure, log_metric, log_table, params, seed, step
from portfolio.evaluation import corrected_interval, same_result

SIZE, KEPT, HALVINGS, TILE = params["block"], params["kept"], params["halvings"], params["tile"]


def blocks(photo: np.ndarray) -> np.ndarray:
    """Cut a photo into blocks of SIZE x SIZE pixels, one a row; what does not fill a block is left out."""
    down, across = (side // SIZE for side in photo.shape)
    cut = photo[: down * SIZE, : across * SIZE].reshape(down, SIZE, across, SIZE)
    return cut.swapaxes(1, 2).reshape(-1, SIZE**2)


def joined(rows: np.ndarray) -> np.ndarray:
    """Put the blocks of a whole photo back in their places."""
    return rows.reshape(-1, ACROSS, SIZE, SIZE).swapaxes(1, 2).reshape(-1, ACROSS * SIZE)


def learn(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the principal patterns of the blocks, the strongest first, and the mean block."""
    mean = rows.mean(axis=0)
    return np.linalg.svd(rows - mean, full_matrices=False)[2], mean


def psnr(rows: np.ndarray, patterns: np.ndarray, mean: np.ndarray | float = 0.0) -> np.ndarray:
    """Return the peak signal-to-noise ratio in dB when 1, 2, 3, ... numbers a block are kept."""
    lost = np.sum((rows - mean) ** 2) - np.cumsum(np.sum(((rows - mean) @ patterns.T) ** 2, axis=0))
    return 10 * np.log10(255**2 * rows.size / lost[:-1])


def apart(a: np.ndarray, b: np.ndarray) -> float:
    """Return the largest difference between two sets of patterns; a pattern's sign means nothing."""
    return same_result(a * np.sign(np.sum(a * b, axis=1, keepdims=True)), b).largest


with step("define"):
    brightness = [image @ (0.299, 0.587, 0.114) for image in load_sample_images().images]  # as JPEG weighs colours
    photos = dict(zip(("tower", "flower"), brightness, strict=True))
    cut = {name: blocks(photo) for name, photo in photos.items()}
    DOWN, ACROSS = (side // SIZE for side in photos["flower"].shape)
    log_metric("pixels", SIZE**2, unit="pixels")
    log_metric("blocks", DOWN * ACROSS, unit="blocks")
    fixed = cosines(SIZE)
    from_scipy = fft.dctn(np.eye(SIZE**2).reshape(-1, SIZE, SIZE), axes=(1, 2), norm="ortho").reshape(-1, SIZE**2).T
    order = np.abs(fixed @ from_scipy.T).argmax(axis=1)
    log_metric("rung_cosines", apart(fixed, from_scipy[order]), method="largest difference, by hand to SciPy")

with step("spot-check"):  # the ladder: the same patterns by a library, by NumPy, and twice by hand
    learned = {name: learn(rows) for name, rows in cut.items()}
    by_numpy, mean = learned["tower"]
    scatter = (cut["tower"] - mean).T @ (cut["tower"] - mean)
    by_rotation, sweeps = jacobi(scatter)
    log_metric("jacobi_sweeps", sweeps, unit="sweeps")
    for rung, patterns in {
        "library": PCA(svd_solver="full").fit(cut["tower"]).components_,
        "jacobi": by_rotation,
        "power": power(scatter, KEPT, seed),
    }.items():
        largest = apart(patterns[:KEPT], by_numpy[:KEPT])
        log_metric(f"rung_{rung}", largest, method=f"largest difference to NumPy, first {KEPT} patterns")
    alike = {name: np.abs(fixed @ patterns.T) for name, (patterns, _) in learned.items()}  # cosine x learned pattern
    for name, photo in photos.items():
        # The photos were JPEGs once: cut where no block of the file began, its own cosines cannot be what is found.
        shifted = np.abs(fixed @ learn(blocks(photo[SIZE // 2 :, SIZE // 2 :]))[0].T)
        for ending, table in {"": alike[name], "_shifted": shifted}.items():
            shared = 100 * np.sum(table[:KEPT, :KEPT] ** 2) / KEPT
            chance = round(100 * KEPT / SIZE**2, 1)  # what a basis turned at random shares on average
            log_metric(f"shared_{name}{ending}", round(shared, 1), unit="%", goal="maximize", baseline=chance)
            weakest = table[:, :4].max(axis=0).min()
            log_metric(
                f"likeness_{name}{ending}",
                round(weakest, 2),
                method="lowest |cosine| of the first four to their nearest",
            )
        log_metric(f"fifth_{name}", round(alike[name][:, 4].max(), 2), method="|cosine| of the fifth to its nearest")

with step("improve"):  # learn on one half, test on the other; neighbouring tiles go to different halves
    rng, (row, column) = np.random.default_rng(seed), np.divmod(np.arange(DOWN * ACROSS), ACROSS)
    tile = np.minimum(row // TILE, DOWN // TILE - 1) * (ACROSS // TILE) + column // TILE
    halves = {name: [] for name in photos}  # for each halving: learned and fixed, for 1, 2, 3, ... numbers kept
    for _ in range(HALVINGS):
        test = rng.permuted(np.tile([True, False], (tile.max() // 2 + 1, 1)), axis=1).ravel()[tile]
        for name, rows in cut.items():
            halves[name].append((psnr(rows[test], *learn(rows[~test])), psnr(rows[test], fixed)))

with step("present"):
    how = (
        f"mean of {HALVINGS} halvings, random by tile, learned on one half and tested on the other; "
        "95 % corrected t interval (Nadeau & Bengio 2003)"
    )
    drawn = f"1.0:halvings by tile of {TILE}, seed {seed}"
    log_metric("the_fixed_patterns", 0.0, unit="dB", method="the quality gained is counted from theirs")
    for name, curves in halves.items():
        own, by_fixed = np.array(curves)[:, :, KEPT - 1].T
        for metric, scores, baseline in (
            (f"quality_gained_by_learning_from_a_{name}_photo", own - by_fixed, 0.0),
            (f"quality_of_learned_patterns_{name}", own, by_fixed.mean()),
            (f"quality_of_fixed_patterns_{name}", by_fixed, None),
        ):
            interval = corrected_interval(scores, 1)  # as many blocks are tested as learned from
            more = {"n": HALVINGS, "scores": scores, "baseline": baseline, "method": how, "splits": drawn}
            log_metric(metric, scores.mean(), goal="maximize", unit="dB", interval=interval, **more)

    numbers = len(cut["flower"]) * KEPT
    rank = numbers // (SIZE * (DOWN + ACROSS))
    log_metric("patterns_cost", round(100 * (KEPT + 1) * SIZE**2 / numbers, 1), unit="%")
    words = {"own": "learned from this photo", "fixed": "JPEG's fixed ones", "other": "learned from the other photo"}
    words["whole"] = f"no blocks, photo as one matrix of rank {rank}"
    rebuilt, quality = {}, {}
    for name, other in (("flower", "tower"), ("tower", "flower")):
        photo = joined(cut[name])
        left, strength, right = np.linalg.svd(photo, full_matrices=False)
        rebuilt[name] = {"whole": (left[:, :rank] * strength[:rank]) @ right[:rank]}
        for way, patterns, mean in (("own", *learned[name]), ("fixed", fixed, 0.0), ("other", *learned[other])):
            few = patterns[:KEPT]
            rebuilt[name][way] = joined((cut[name] - mean) @ few.T @ few + mean)
        quality[name] = {way: 10 * np.log10(255**2 / np.mean((photo - rebuilt[name][way]) ** 2)) for way in words}
        for way in ("own", "other", "whole"):
            over = quality[name][way] - quality[name]["fixed"]
            log_metric(f"{way}_over_fixed_{name}", round(over, 2), unit="dB")
    table = [
        {"Patterns": text, "Flower (dB)": f"{quality['flower'][way]:.2f}", "Tower (dB)": f"{quality['tower'][way]:.2f}"}
        for way, text in words.items()
    ]
    log_table("four_ways", table, caption=f"Quality with {KEPT} of {SIZE**2} numbers a block kept, or as many in all.")

    figure, lines = plt.subplots(4, figsize=(7, 4.2), layout="constrained")
    for (upper, lower), name in zip((lines[:2], lines[2:]), ("tower", "flower"), strict=True):
        likeness = alike[name][:, :8]
        nearest = fixed[likeness.argmax(axis=0)]
        patterns = learned[name][0][:8] * np.sign(np.sum(learned[name][0][:8] * nearest, axis=1, keepdims=True))
        for axes, row, label in ((upper, patterns, f"{name},\nlearned"), (lower, nearest, "nearest of\nJPEG's")):
            framed = [np.pad(pattern.reshape(SIZE, SIZE), 1, constant_values=np.nan) for pattern in row]
            axes.imshow(np.hstack(framed), cmap="gray", vmin=-0.3, vmax=0.3)
            axes.set(xticks=[], yticks=[], ylabel=label)
            axes.spines[:].set_visible(False)
        centres = np.arange(8) * (SIZE + 2) + (SIZE + 1) / 2
        lower.set_xticks(centres, [f"{best:.2f}" for best in likeness.max(axis=0)])
        lower.tick_params(length=0)
    first, fifth = alike["tower"][:, :4].max(axis=0), alike["tower"][:, 4].max()
    log_figure(
        "patterns",
        figure,
        alt="The first eight patterns learned from each photo, each above the nearest of JPEG's. The first four pairs "
        f"look alike. The tower's fifth has slanted stripes; the nearest of JPEG's agrees to {fifth:.2f}.",
        caption=f"The tower's first four patterns are JPEG's (agreement {first.min():.2f} or better, of 1). The fifth "
        f"({fifth:.2f}) is the tower's own.",
    )

    figure, axes = plt.subplots(figsize=(7, 4.7), layout="constrained")
    strongest = np.argsort(-np.abs((cut["tower"] - learned["tower"][1]) @ learned["tower"][0][4]))[: params["outlined"]]
    axes.imshow(photos["tower"], cmap="gray")
    for block in strongest:
        corner = SIZE * (block % ACROSS), SIZE * (block // ACROSS)
        axes.add_patch(plt.Rectangle(corner, SIZE, SIZE, fill=False, color="C1"))
    axes.axis("off")
    log_figure(
        "roof",
        figure,
        alt=f"The tower, with the {len(strongest)} blocks outlined in which its fifth pattern is strongest; "
        "most lie in rows along the tiled roofs, a few in the trees.",
        caption="Where the fifth pattern is used most: on the roof tiles.",
    )

    figure, panels = plt.subplots(1, 4, figsize=(7, 2.4), layout="constrained")
    window = slice(150, 270), slice(230, 350)
    for axes, way in zip(panels, ("original", "own", "fixed", "other"), strict=True):
        axes.imshow(rebuilt["flower"].get(way, photos["flower"])[window], cmap="gray", vmin=0, vmax=255)
        label = f"{words[way]}\n{quality['flower'][way]:.1f} dB" if way in words else way
        axes.set(xticks=[], yticks=[], xlabel=label.replace("learned ", "learned\n"))
    log_figure(
        "rebuilt",
        figure,
        alt="A detail of the flower: original, and rebuilt from its own patterns, from JPEG's and from the tower's. "
        "The first two rebuilt ones can hardly be told apart; the third has fine slanted stripes.",
        caption=f"{KEPT} numbers a block: its own patterns and JPEG's look alike, the tower's put tiles on the petals.",
    )
