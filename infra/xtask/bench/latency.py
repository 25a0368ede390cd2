"""Draws latency over rate from the load program's figures.

usage: latency.py FIGURES.json OUT.svg
"""
import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plot  # noqa: E402 (the backend is chosen first)

INK, GRID = "#222222", "#DDDDDD"
# What the opening minute may take.
PROMISE = 150


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    curve = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["curve"]
    plot.rcParams.update({
        "svg.fonttype": "none", "svg.hashsalt": "ichiba", "font.family": "sans-serif", "font.size": 13,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": GRID,
        "axes.edgecolor": INK, "axes.labelcolor": INK, "text.color": INK, "lines.linewidth": 2.2,
    })
    figure, axis = plot.subplots(figsize=(8.6, 5.0))
    rates = [row[0] for row in curve]
    axis.plot(rates, [row[3] for row in curve], "-o", color="#0072B2", label="99 of 100 answers")
    axis.plot(rates, [row[2] for row in curve], "--s", color="#56B4E9", label="median")
    axis.axhline(PROMISE, color="#D55E00", linewidth=1.2, label=f"promise for the opening minute: {PROMISE} ms")
    axis.set(xscale="log", yscale="log", xlabel="operations offered a second", ylabel="milliseconds")
    axis.set_xticks(rates, [f"{rate:,.0f}" for rate in rates])
    axis.minorticks_off()
    axis.yaxis.set_major_formatter(lambda ms, _: f"{ms:g}")
    axis.legend(frameon=False, loc="upper left")
    figure.tight_layout()
    figure.savefig(sys.argv[2], format="svg", metadata={"Date": None})


main()
