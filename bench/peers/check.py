"""Says whether a peer's tables hold the rows of the pipeline's own: `check.py CURATED PEER`."""

import sys

import polars as pl


def compare(ours, theirs, keys, columns):
    """The rows that either side lacks, and those whose values differ."""
    both = ours.join(theirs, on=keys, how="full", suffix="_peer", nulls_equal=True, coalesce=False)
    missing = both.filter(pl.col(keys[0]).is_null() | pl.col(f"{keys[0]}_peer").is_null()).height
    differs = {}
    for column in columns:
        one, other = pl.col(column), pl.col(f"{column}_peer")
        if ours.schema[column].is_float():
            same = ((one - other).abs() <= 1e-9 * one.abs()) | one.eq_missing(other)
        else:
            same = one.eq_missing(other)
        wrong = both.filter(pl.col(keys[0]).eq_missing(pl.col(f"{keys[0]}_peer")) & ~same.fill_null(False))
        if wrong.height:
            differs[column] = wrong.height
            print(wrong.select(*keys, column, f"{column}_peer").head(3), file=sys.stderr)
    return missing, differs


def main(curated, peer):
    read = lambda folder, name: pl.read_parquet(f"{folder}/{name}.parquet")
    figures = ["comparator", "value", "lower", "lower_open", "upper", "upper_open"]
    claims = compare(read(curated, "claims"), read(peer, "claims"), ["claim_id"], [
        *figures, "source_id", "indicator", "measure", "reporter", "partner", "kind", "unit", "period_label",
        "period_start", "period_end", "base_period", "rank", "published_on", "cell",
    ])
    stated = read(curated, "observations").filter(~pl.col("derived"))
    observations = compare(stated, read(peer, "observations"), ["series_id", "period_label"], [
        *figures, "witnesses", "conflict", "best_claim", "reason", "period_start", "period_end",
    ])
    print(f"{peer}: claims {claims}, observations {observations} (missing rows, differing values)")
    sys.exit(any(missing or differs for missing, differs in (claims, observations)))


if __name__ == "__main__":
    main(*sys.argv[1:])
