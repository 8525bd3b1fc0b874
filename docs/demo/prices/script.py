import csv
from statistics import mean

from portfolio import log_metric

with open("data/loaves.csv", encoding="utf-8", newline="") as file:
    prices = [float(row["price"]) for row in csv.DictReader(file)]
log_metric("mean_price", mean(prices), unit="€", n=len(prices), method="mean of all shops")
