"""The floor: polars reads the pipeline's own claims.csv and writes it again, as Parquet and CSV."""

import sys

import polars as pl

from common import sync

FLOATS = ["value", "lower", "upper"]
BOOLEANS = ["lower_open", "upper_open"]
DATES = ["published_on", "period_start", "period_end"]


def main(curated, out):
    types = {name: pl.Float64 for name in FLOATS} | {name: pl.Boolean for name in BOOLEANS} | {name: pl.Date for name in DATES}
    claims = pl.read_csv(f"{curated}/claims.csv", infer_schema=False, schema_overrides=types)
    claims.write_parquet(f"{out}/copy.parquet")
    claims.write_csv(f"{out}/copy.csv")
    sync(f"{out}/copy.parquet", f"{out}/copy.csv")


if __name__ == "__main__":
    main(*sys.argv[1:])
