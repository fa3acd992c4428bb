"""The job in polars: claims and observations of a generated workspace, as Parquet and CSV."""

import sys

import polars as pl

from common import AUTHORITY, CLAIMS, COMPARATORS, MAGNITUDES, OBSERVATIONS, STATED, period, sync


def scaled(mantissa, exponent):
    """An integer times a power of ten, correctly rounded while both are exact."""
    up, down = pl.lit(10.0).pow(exponent.clip(0)), pl.lit(10.0).pow((-exponent).clip(0))
    return mantissa.cast(pl.Float64) * up / down


def number(text, is_russian):
    """The digits of a number as an integer, and how many of them are decimals."""
    english = text.str.replace_all(r"[, ]", "")
    russian = text.str.replace_all(" ", "").str.replace_all(",", ".")
    plain = pl.when(is_russian).then(russian).otherwise(english)
    decimals = plain.str.extract(r"\.(\d+)$").str.len_bytes().fill_null(0).cast(pl.Int64)
    return plain.str.replace_all(r"\.", "").cast(pl.Int64, strict=False), decimals


def figures(stated):
    """What each distinct wording of a figure says, by its words."""
    low = pl.col("stated").str.to_lowercase()
    table = stated.with_columns(low.str.extract_groups(STATED).alias("g"), low.str.contains("долларов").alias("ru"))
    g = lambda index: pl.col("g").struct.field(str(index))
    table = table.with_columns(
        pl.when(g(4).is_not_null()).then(pl.lit("range"))
        .otherwise(g(1).replace_strict(COMPARATORS, default=None).fill_null("=")).alias("comparator"),
        g(5).replace_strict(MAGNITUDES, default=0, return_dtype=pl.Int64).fill_null(0).alias("magnitude"),
        pl.when(g(2).is_not_null() | g(6).is_in(["us dollars", "долларов сша"])).then(pl.lit("USD"))
        .when(g(6).is_in(["%", "percent"])).then(pl.lit("%")).when(g(6) == "cubic meters").then(pl.lit("m3"))
        .when(g(6) == "kwh").then(pl.lit("kW.h")).when(g(6) == "tonnes").then(pl.lit("t"))
        .when(g(3).is_not_null()).then(pl.lit("1")).alias("unit"),
    )
    (first, decimals), (second, more) = number(g(3), pl.col("ru")), number(g(4), pl.col("ru"))
    table = table.with_columns(
        first.alias("m"), (pl.col("magnitude") - decimals).alias("e"),
        second.alias("m2"), (pl.col("magnitude") - more).alias("e2"),
    )
    m, e, c = pl.col("m"), pl.col("e"), pl.col("comparator")
    exact = (pl.col("unit") == "1") & (pl.col("magnitude") == 0)
    half = pl.when(exact).then(0).otherwise(5)
    # About: five percent, or half a digit where that is more.
    about = pl.when((m < 10) & ~exact).then(50).otherwise(m * 5)
    value = scaled(m, e)
    table = table.with_columns(
        pl.when(c != "range").then(value).alias("value"),
        pl.when(c == "=").then(scaled(m * 10 - half, e - 1)).when(c == "~").then(scaled(m * 100 - about, e - 2))
        .when(c == "<~").then(scaled(m * 90, e - 2)).when(c.is_in([">", ">=", "range"])).then(value).alias("lower"),
        pl.when(c == "=").then(scaled(m * 10 + half, e - 1)).when(c == "~").then(scaled(m * 100 + about, e - 2))
        .when(c == "range").then(scaled(pl.col("m2"), pl.col("e2"))).when(c.is_in(["<~", "<", "<="])).then(value)
        .alias("upper"),
        (c == ">").alias("lower_open"), c.is_in(["<~", "<"]).alias("upper_open"),
    )
    return table.filter(pl.col("m").is_not_null()).drop("g", "ru", "magnitude", "m", "e", "m2", "e2")


def read(folder):
    raw = pl.read_csv(f"{folder}/raw/claims.csv", infer_schema=False, row_index_name="row")
    sources = pl.read_csv(f"{folder}/raw/sources.csv", infer_schema=False).select(
        pl.col("source_id").alias("source"), pl.col("published_on").str.to_date(),
        pl.col("kind").replace_strict({kind: rank for rank, kind in enumerate(AUTHORITY)}).alias("authority"),
    )
    indicators = pl.read_csv(f"{folder}/raw/indicators.csv", infer_schema=False).select(
        "indicator", "topic", pl.col("unit").alias("own_unit"), "flow_or_stock", pl.col("symmetric") == "true")
    places = dict(pl.read_csv(f"{folder}/places.csv", infer_schema=False).iter_rows())
    wordings = raw["period"].unique().to_list()
    periods = [(text, *read) for text in wordings if (read := period(text))]
    periods = pl.DataFrame(periods, orient="row", schema=[
        "period", "period_label", "period_start", "period_end", "period_precision", "year_before"])
    code = lambda column: pl.col(column).replace_strict(places, default=None).alias(column)
    table = (
        raw.lazy().with_columns(code("reporter"), code("partner"))
        .join(sources.lazy(), on="source").join(indicators.lazy(), on="indicator")
        .join(periods.lazy(), on="period").join(figures(raw.select("stated").unique()).lazy(), on="stated")
        .filter(pl.col("reporter").is_not_null() & pl.col("partner").is_not_null())
    )
    swapped = pl.col("symmetric") & (pl.col("partner") < pl.col("reporter"))
    growth = pl.col("measure") == "growth"
    share = (pl.col("unit") == "%") & ~growth
    return table.with_columns(
        pl.when(swapped).then("partner").otherwise("reporter").alias("reporter"),
        pl.when(swapped).then("reporter").otherwise("partner").alias("partner"),
        pl.col("kind").fill_null("actual"), pl.col("rank").fill_null("normal"),
        pl.when(share).then(pl.col("lower").fill_null(0).clip(lower_bound=0)).otherwise("lower").alias("lower"),
        pl.when(share).then(pl.col("upper").fill_null(100).clip(upper_bound=100)).otherwise("upper").alias("upper"),
        pl.when(growth).then("year_before").alias("base_period"),
        pl.when(pl.col("flow_or_stock") == "stock").then(pl.lit("as_of")).otherwise(pl.lit("during")).alias("period_role"),
        pl.lit("no_text").alias("evidence_status"), pl.lit("raw/claims.csv").alias("file"),
        pl.lit(None, pl.String).alias("sheet"), pl.format("{}:6", pl.col("row") + 2).alias("cell"),
        pl.col("source").alias("source_id"),
    ).sort("claim_id").collect()


def reconcile(claims):
    keys = ["indicator", "measure", "reporter", "partner", "unit", "period_label", "base_period"]
    low, high = pl.col("lower").fill_null(-float("inf")), pl.col("upper").fill_null(float("inf"))
    width = high - low
    scale = pl.lit(10.0).pow(width.log10().floor())
    claims = claims.filter(pl.col("rank") != "deprecated").with_columns(
        low.alias("lo"), high.alias("hi"), (pl.col("rank") != "preferred").alias("r"),
        pl.when(width.is_finite()).then(0).when(low.is_finite()).then(1).when(high.is_finite()).then(2).otherwise(3)
        .alias("class"),
        pl.when((width > 0) & width.is_finite()).then((width / scale).round(9) * scale).when(width == 0).then(0.0)
        .when(low.is_finite()).then(-low).when(high.is_finite()).then(high).otherwise(0.0).alias("width"),
        (2 - pl.col("lower_open").cast(pl.Int8) - pl.col("upper_open").cast(pl.Int8)).alias("ends"),
    )
    common = claims.lazy().group_by(keys).agg(
        pl.col("lo").max().alias("low"), pl.col("hi").min().alias("high"),
        pl.col("lower_open").filter(pl.col("lo") == pl.col("lo").max()).any().alias("low_open"),
        pl.col("upper_open").filter(pl.col("hi") == pl.col("hi").min()).any().alias("high_open"),
    ).with_columns(
        ((pl.col("low") > pl.col("high")) | ((pl.col("low") == pl.col("high")) & (pl.col("low_open") | pl.col("high_open"))))
        .alias("conflict"))
    order = ["r", "a", "class", "width", "ends"]
    ranked = (
        claims.lazy().join(common, on=keys, nulls_equal=True)
        .with_columns(pl.when(pl.col("conflict")).then("authority").otherwise(0).alias("a"))
        .sort(*keys, *order, "published_on", "claim_id", descending=[False] * 12 + [True, False])
    )
    differs = lambda name: pl.col(name).get(0) != pl.col(name).get(1, null_on_oob=True)
    reason = (
        pl.when(pl.len() == 1).then(pl.lit("only")).when(differs("r")).then(pl.lit("rank"))
        .when(differs("a")).then(pl.lit("authority"))
        .when(differs("class") | differs("width") | differs("ends")).then(pl.lit("interval"))
        .when(differs("published_on")).then(pl.lit("published")).otherwise(pl.lit("id"))
    )
    firsts = ["topic", "period_start", "period_end", "period_role", "comparator", "value", "lo", "hi", "lower_open",
              "upper_open", "conflict", "low", "high", "low_open", "high_open"]
    as_of = claims["published_on"].max()
    finite = lambda name: pl.when(pl.col(name).is_finite()).then(pl.col(name))
    table = ranked.group_by(keys, maintain_order=True).agg(
        pl.col(firsts).first(), pl.col("claim_id").str.join(";").alias("claims"),
        pl.col("source_id").n_unique().alias("witnesses"), pl.col("claim_id").first().alias("best_claim"),
        reason.alias("reason"),
    ).with_columns(
        *(pl.when(pl.col("conflict")).then(own).otherwise(common).alias(own) for own, common in
          [("lo", "low"), ("hi", "high"), ("lower_open", "low_open"), ("upper_open", "high_open")]),
    ).with_columns(
        finite("lo").alias("lower"), finite("hi").alias("upper"), pl.lit("actual").alias("kind"),
        pl.lit(False).alias("derived"), pl.lit(None, pl.String).alias("formula"), pl.lit(as_of).alias("as_of"),
        pl.concat_str("indicator", "reporter", "partner", pl.when(pl.col("measure") == "growth").then(pl.lit("growth")),
                      separator=".", ignore_nulls=True).alias("series_id"),
    )
    return table.select(OBSERVATIONS).sort("series_id", "period_label").collect()


def main(folder, out):
    claims = read(folder)
    files = [f"{out}/{name}" for name in ("claims.parquet", "claims.csv", "observations.parquet", "observations.csv")]
    published = claims.select(CLAIMS)
    published.write_parquet(files[0])
    published.write_csv(files[1])
    del published
    observations = reconcile(claims)
    observations.write_parquet(files[2])
    observations.write_csv(files[3])
    sync(*files)


if __name__ == "__main__":
    main(*sys.argv[1:])
