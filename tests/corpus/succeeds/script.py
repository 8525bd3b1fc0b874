"""Reads its data, uses its helper, logs one thing of each kind."""

import csv
from pathlib import Path

from helper import mean

from portfolio import log_artifact, log_metric, log_metrics, log_table, log_text, params, seed, step

with step("prepare"):
    with Path("data/rows.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))

with step("present"):
    log_metric("mean_x", mean(float(row["x"]) for row in rows) * params["scale"], n=len(rows))
    log_metric(
        "accuracy",
        91.25,
        goal="maximize",
        interval=(88.5, 94.0),
        unit="%",
        method="held-out rows, 95 % interval",
        scores=[90.0, 92.5],
        splits="a-digest",
    )
    log_metrics({"rows": len(rows), "seed_seen": seed})
    log_table("rows", rows, caption="What was read.")
    log_text("verdict", "It is fine.")
    Path("model.bin").write_bytes(b"weights")
    log_artifact("model.bin")

print("read", len(rows), "rows")
