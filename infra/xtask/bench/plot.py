"""Draws the two pictures of a bench from its results: gap over time for every instance, and time over size.

usage: plot.py RESULTS.json FOLDER

SVG with text as text and nothing from outside; the same results give the same bytes.
"""
import json
import math
import re
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plot  # noqa: E402 (the backend is chosen first)

# Colours that people with colour-blindness tell apart (Okabe and Ito), and a shape for each besides.
STYLES = {
    "ours": ("#0072B2", "-", "o"),
    "annealing": ("#D55E00", "--", "s"),
    "CP-SAT": ("#009E73", "-.", "^"),
    "HiGHS": ("#7A4E9A", ":", "D"),
}
# Smaller gaps, and 0, are drawn on this line; larger ones above the picture.
LEAST_GAP = 0.0003
MOST_GAP = 100.0
EARLIEST = 1e-4
INK, GRID = "#222222", "#DDDDDD"
FONT = 13


def settle():
    plot.rcParams.update({
        "svg.fonttype": "none", "svg.hashsalt": "ichiba", "font.family": "sans-serif", "font.size": FONT,
        "font.sans-serif": ["Helvetica", "Arial", "DejaVu Sans", "sans-serif"],
        "axes.edgecolor": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "text.color": INK,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": GRID,
        "figure.facecolor": "white", "axes.facecolor": "white", "lines.linewidth": 2.2, "lines.markersize": 6,
    })


def gap(value, bound):
    return 100.0 * (bound - value) / max(1, abs(bound))


def envelope(runs):
    """The best gap any run of the solver had reached by each moment: [(seconds, percent)]."""
    points = []
    for run in runs:
        for seconds, value, bound in run["trace"]:
            against = bound if run["solver"] == "ours" else run["reference"]
            if value is not None and against is not None:
                points.append((max(seconds, EARLIEST), min(gap(value, against), MOST_GAP)))
    points.sort()
    best, steps = math.inf, []
    for seconds, percent in points:
        if percent < best:
            best = percent
            steps.append((seconds, max(percent, LEAST_GAP)))
    return steps


def gaps_over_time(results, folder):
    kinds = list(dict.fromkeys(run["kind"] for run in results["runs"]))
    if not kinds:
        return
    columns = min(2, len(kinds))
    rows = math.ceil(len(kinds) / columns)
    figure, axes = plot.subplots(rows, columns, figsize=(5.2 * columns, 3.5 * rows + 0.6), squeeze=False, sharey=True)
    end = max(run["limit"] for run in results["runs"])
    for axis, kind in zip(axes.flat, kinds):
        for solver, (colour, dash, mark) in STYLES.items():
            runs = [run for run in results["runs"] if run["kind"] == kind and run["solver"] == solver]
            steps = envelope(runs)
            if not steps:
                continue
            optimal = steps[-1][1] <= LEAST_GAP
            last = steps[-1][0] if optimal else max([run["limit"] for run in runs] + [steps[-1][0]])
            xs, ys = zip(*steps, (last, steps[-1][1]))
            axis.step(xs, ys, dash, where="post", color=colour)
            axis.plot([last], [ys[-1]], mark, color=colour)
        reference = next(run["reference"] for run in results["runs"] if run["kind"] == kind)
        silent = [s for s in STYLES if has_nothing(results, kind, s)]
        title = kind + (f"  (no timetable: {', '.join(silent)})" if silent else "")
        axis.set_title(title, loc="left", fontsize=FONT, fontweight="bold")
        axis.set(xscale="log", yscale="log", xlim=(EARLIEST * 5, end * 1.6), ylim=(LEAST_GAP * 0.8, MOST_GAP))
        axis.set_yticks([100, 10, 1, 0.1, 0.01, 0.001, LEAST_GAP], ["100", "10", "1", "0.1", "0.01", "0.001", "0"])
        name_seconds(axis.xaxis)
        axis.minorticks_off()
        if reference is None:
            axis.set_axis_off()
    for axis in axes.flat[len(kinds):]:
        axis.set_axis_off()
    for axis in axes[:, 0]:
        axis.set_ylabel("gap, %")
    for axis in axes.flat[max(0, len(kinds) - columns):len(kinds)]:
        axis.set_xlabel("time since the instance was read")
    solvers = [s for s in STYLES if any(run["solver"] == s for run in results["runs"])]
    handles = [plot.Line2D([], [], color=STYLES[s][0], linestyle=STYLES[s][1], marker=STYLES[s][2], label=s) for s in solvers]
    figure.legend(handles=handles, loc="upper center", ncols=len(handles), frameon=False)
    figure.tight_layout(rect=(0, 0, 1, 1 - 0.42 / figure.get_figheight()))
    save(figure, folder / "gap-over-time.svg", "Gap over time: how far each solver's best timetable is from the best bound")


def name_seconds(axis):
    """Ticks as 1 ms, 10 ms, 0.1 s, 1 s."""
    axis.set_major_formatter(lambda s, _: f"{s * 1000:g} ms" if s < 0.09 else f"{s:g} s")


def has_nothing(results, kind, solver):
    """Whether the solver took part and found no timetable at all."""
    runs = [run for run in results["runs"] if run["kind"] == kind and run["solver"] == solver]
    return bool(runs) and not envelope(runs)


def slope(points):
    """The exponent of seconds ~ requests^slope, by least squares over the logarithms."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    x, y = (sum(axis) / len(logs) for axis in zip(*logs))
    under = sum((a - x) ** 2 for a, _ in logs)
    return sum((a - x) * (b - y) for a, b in logs) / under if under else math.nan


def time_over_size(results, folder):
    sizes = results["growth"]
    if not sizes:
        return
    figure, axis = plot.subplots(figsize=(8.6, 5.4))
    lines = [
        ("first", "ours: first timetable, with certificate", "#0072B2", "-", "o"),
        ("close", f"ours: gap ≤ {results['close']} %", "#56B4E9", "-", "o"),
        ("annealing", f"annealing: within {results['near']:g} %", *STYLES["annealing"]),
        ("CP-SAT", f"CP-SAT: within {results['near']:g} %", *STYLES["CP-SAT"]),
    ]
    for key, label, colour, dash, mark in lines:
        points = [(size["requests"], size[key]) for size in sizes if size[key]]
        if not points:
            continue
        if len(points) > 1:
            label += f" (slope {slope(points):.2f})"
        axis.plot(*zip(*points), dash, marker=mark, color=colour, label=label)
    guide(axis, sizes)
    axis.set(xscale="log", yscale="log", xlabel="requests", ylabel="time")
    axis.set_xlim(sizes[0]["requests"] * 0.8, sizes[-1]["requests"] * 1.3)
    axis.xaxis.set_major_formatter(lambda count, _: f"{count:,.0f}")
    name_seconds(axis.yaxis)
    axis.minorticks_off()
    axis.legend(frameon=False, loc="lower right")
    figure.tight_layout()
    save(figure, folder / "time-over-size.svg", "Time over size: seconds against the number of requests")


def guide(axis, sizes):
    """A thin line of slope 1 through our first point, for the eye."""
    start = next((size for size in sizes if size["first"]), None)
    if start is None:
        return
    ends = [sizes[0]["requests"], sizes[-1]["requests"]]
    seconds = [start["first"] * n / start["requests"] for n in ends]
    axis.plot(ends, seconds, color="#999999", linewidth=1, label="linear: slope 1")


def save(figure, path, title):
    figure.savefig(path, format="svg", metadata={"Date": None})
    plot.close(figure)
    text = path.read_text(encoding="utf-8")
    # Neither a document type to fetch nor metadata that names addresses; a title for those who cannot see it.
    text = re.sub(r"<!DOCTYPE.*?>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"(<svg [^>]*>)", rf'\1\n <title>{title}</title>', text, count=1, flags=re.DOTALL)
    path.write_text(text, encoding="utf-8")
    print(f"   {path.name}")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    results = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    settle()
    gaps_over_time(results, Path(sys.argv[2]))
    time_over_size(results, Path(sys.argv[2]))


main()
