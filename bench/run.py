#!/usr/bin/env python3
"""Measures the pipeline beside the same job in polars, DuckDB and pandas.

    cargo build --release -p pipeline -p bench
    python3 -m venv VENV && VENV/bin/pip install -r bench/peers/requirements.txt
    VENV/bin/python bench/run.py WORK --bin target/release [--rows N] [--times N] [--out RESULTS.md]

The jobs run in turn, not one after the other, so that a slow minute of the machine hits all of them.
Times are medians; memory is the greatest resident set of a process. Every peer's rows are compared
with the pipeline's before anything is said.
"""

import argparse
import datetime
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent / "peers"
PEERS = ["polars", "duckdb", "pandas"]


def measured(command, folder):
    """Wall time, processor time and peak memory of a command, and what it printed."""
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    printed = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}: exit code {process.returncode}\n{printed[-2000:]}")
    wall, cpu = time.monotonic() - started, usage.ru_utime + usage.ru_stime
    print(f"{command[-2:]}: {wall:.1f} s, {cpu:.1f} s of processor", file=sys.stderr)
    return {"wall": wall, "cpu": cpu, "peak": usage.ru_maxrss / 1024}, printed


def pipeline(binary, workspace):
    """One run from nothing. Its own word separates work, waiting for the disk, and check-out."""
    for name in [".pipeline", "curated", "out"]:
        shutil.rmtree(workspace / name, ignore_errors=True)
    whole, printed = measured([binary, "run"], workspace)
    said = re.search(r"(\d+) ms, besides (\d+) ms of waiting for the disk and (\d+) ms of check-out", printed)
    work, waited, checkout = (int(part) / 1000 for part in said.groups())
    return whole | {"work": work, "wall": work + waited, "whole": whole["wall"], "checkout": checkout}


def warm(folder):
    """Reads the files of a folder, so that a job finds them in memory whoever wrote them and however long ago, and waits
    for the disk, so that no job pays for what the one before it left to be written."""
    os.sync()
    for file in sorted(folder.glob("*.csv")):
        with file.open("rb") as opened:
            while opened.read(1 << 20):
                pass


def table(results, rows):
    ours = statistics.median(run["wall"] for run in results["pipeline"])
    ours_cpu = statistics.median(run["cpu"] for run in results["pipeline"])
    lines = [
        "| job | wall s | times ours | processor s | times ours | peak MB | runs, wall s |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for name, runs in results.items():
        median = lambda key: statistics.median(run[key] for run in runs)
        each = ", ".join(f"{run['wall']:.1f}" for run in runs)
        peak = max(run["peak"] for run in runs)
        lines.append(f"| {name} | {median('wall'):.1f} | {median('wall') / ours:.2f} | {median('cpu'):.1f} | "
                     f"{median('cpu') / ours_cpu:.2f} | {peak:,.0f} | {each} |")
    checkout = statistics.median(run["checkout"] for run in results["pipeline"])
    lines += ["", f"{rows:,} claims. The check-out, not in the wall time: {checkout:.1f} s; its processor time is."]
    return "\n".join(lines)


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) >> 20
    from importlib.metadata import version
    peers = ", ".join(f"{name} {version(name)}" for name in [*PEERS, "pyarrow"])
    load = os.getloadavg()[0]
    return (f"{datetime.date.today()}: {os.cpu_count()} cores ({model[1] if model else platform.machine()}), {memory} GiB, "
            f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, {peers}; load before the runs {load:.1f}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--out", type=pathlib.Path)
    arguments = parser.parse_args()
    head = machine()
    binary = (arguments.bin / "pipeline").resolve()
    workspace = arguments.work.resolve() / f"rows-{arguments.rows}"
    subprocess.run([arguments.bin / "fact-sheets", workspace, "--rows", str(arguments.rows)], check=True)
    results = {name: [] for name in ["pipeline", "copy", *PEERS]}
    for turn in range(arguments.times):
        warm(workspace / "raw")
        results["pipeline"].append(pipeline(binary, workspace))
        for peer in ["copy", *PEERS]:
            out = arguments.work.resolve() / peer
            out.mkdir(exist_ok=True)
            source = workspace / "curated" if peer == "copy" else workspace
            warm(source if peer == "copy" else workspace / "raw")
            results[peer].append(measured([sys.executable, "-B", HERE / f"{peer}_job.py", source, out], HERE)[0])
            if turn == 0 and peer != "copy":
                subprocess.run([sys.executable, "-B", HERE / "check.py", workspace / "curated", out], check=True)
    text = f"{head}\n\n{table(results, arguments.rows)}\n"
    print(text)
    if arguments.out:
        arguments.out.write_text(text)


if __name__ == "__main__":
    main()
