#!/usr/bin/env python3
"""Measures time and memory of `pipeline run` from ten thousand claims to ten million, and plots both.

    cargo build --release -p pipeline -p bench
    python3 -m venv VENV && VENV/bin/pip install -r bench/peers/requirements.txt
    VENV/bin/python bench/scale.py WORK --bin target/release [--most N] [--out bench/scale]

Writes `scale.csv` and `scale.svg`. Both are linear in the rows where the points lie on the dotted lines.
Each size is generated, run and removed before the next: the largest takes some 30 GB of disk.
"""

import argparse
import csv
import pathlib
import shutil
import subprocess

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

from run import pipeline

SIZES = [10_000, 30_000, 100_000, 300_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000]
SERIES = [("work", "seconds of work"), ("waited", "seconds waiting for the disk"),
          ("checkout", "seconds of check-out"), ("cpu", "seconds of processor"), ("peak_mb", "peak memory, MB")]


def measure(binary, generator, workspace, rows):
    subprocess.run([generator, workspace, "--rows", str(rows)], check=True)
    run = pipeline(binary, workspace)
    shutil.rmtree(workspace)
    return {"rows": rows, "work": run["work"], "waited": run["wall"] - run["work"],
            "checkout": run["checkout"], "cpu": run["cpu"], "peak_mb": run["peak"]}


def plot(points, path):
    matplotlib.rcParams["svg.hashsalt"] = "scale"
    figure, (time, memory) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    rows = [point["rows"] for point in points]
    for axes, names in [(time, ["work", "cpu"]), (memory, ["peak_mb"])]:
        for name in names:
            values = [point[name] for point in points]
            (line,) = axes.loglog(rows, values, marker="o", label=dict(SERIES)[name])
            linear = [values[-1] * count / rows[-1] for count in rows]
            axes.loglog(rows, linear, linestyle=":", color=line.get_color())
        axes.set_xlabel("claims")
        axes.legend(frameon=False)
        axes.grid(alpha=0.3)
    time.set_title("Time of a run, without syncs and check-out")
    memory.set_title("Memory of a run")
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent / "scale")
    arguments = parser.parse_args()
    workspace = arguments.work.resolve() / "scale"
    binary, generator = ((arguments.bin / name).resolve() for name in ["pipeline", "fact-sheets"])
    points = [measure(binary, generator, workspace, rows) for rows in SIZES if rows <= arguments.most]
    with arguments.out.with_suffix(".csv").open("w", newline="") as file:
        table = csv.DictWriter(file, points[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows({name: round(value, 3) for name, value in point.items()} for point in points)
    plot(points, arguments.out.with_suffix(".svg"))


if __name__ == "__main__":
    main()
