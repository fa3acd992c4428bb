"""The job in pandas: claims and observations of a generated workspace, as Parquet and CSV."""

import sys

import numpy as np
import pandas as pd

from common import AUTHORITY, CLAIMS, COMPARATORS, MAGNITUDES, OBSERVATIONS, STATED, period, sync


def scaled(mantissa, exponent):
    """An integer times a power of ten, correctly rounded while both are exact."""
    return mantissa * 10.0 ** exponent.clip(lower=0) / 10.0 ** (-exponent).clip(lower=0)


def number(text, is_russian):
    """The digits of a number as a float of a whole number, and how many of them are decimals."""
    russian = text.str.replace(" ", "").str.replace(",", ".")
    plain = russian.where(is_russian, text.str.replace("[, ]", "", regex=True))
    decimals = plain.str.extract(r"\.(\d+)$", expand=False).str.len().fillna(0)
    return pd.to_numeric(plain.str.replace(".", "", regex=False)).astype(float), decimals


def figures(stated):
    """What each distinct wording of a figure says."""
    low = stated.str.lower()
    g = low.str.extract(STATED)
    g.columns = ["c", "sign", "first", "second", "magnitude", "unit"]
    russian = low.str.contains("долларов")
    c = g.c.map(COMPARATORS).fillna("=").where(g.second.isna(), "range")
    magnitude = g.magnitude.map(MAGNITUDES).fillna(0)
    units = {"%": "%", "percent": "%", "cubic meters": "m3", "kwh": "kW.h", "tonnes": "t",
             "us dollars": "USD", "долларов сша": "USD"}
    unit = g.unit.map(units).where(g.sign.isna(), "USD").fillna("1")
    (m, decimals), (m2, more) = number(g["first"], russian), number(g.second, russian)
    e, e2 = magnitude - decimals, magnitude - more
    exact = (unit == "1") & (magnitude == 0)
    half = np.where(exact, 0, 5)
    about = np.where((m < 10) & ~exact, 50, m * 5)
    value, none = scaled(m, e), np.nan
    lower = np.select(
        [c == "=", c == "~", c == "<~", c.isin([">", ">=", "range"])],
        [scaled(m * 10 - half, e - 1), scaled(m * 100 - about, e - 2), scaled(m * 90, e - 2), value], none)
    upper = np.select(
        [c == "=", c == "~", c == "range", c.isin(["<~", "<", "<="])],
        [scaled(m * 10 + half, e - 1), scaled(m * 100 + about, e - 2), scaled(m2, e2), value], none)
    table = pd.DataFrame({
        "stated": stated, "unit": unit, "comparator": c, "value": value.where(c != "range"), "lower": lower,
        "upper": upper, "lower_open": c == ">", "upper_open": c.isin(["<~", "<"]),
    })
    return table[m.notna()]


def read(folder):
    table = lambda name: pd.read_csv(f"{folder}/{name}.csv", dtype="str", keep_default_na=False, na_values=[""])
    raw = table("raw/claims")
    raw["cell"] = (raw.index + 2).astype("str") + ":6"
    sources = table("raw/sources").rename(columns={"source_id": "source"})
    sources["published_on"] = pd.to_datetime(sources.published_on)
    sources["authority"] = sources["kind"].map({kind: rank for rank, kind in enumerate(AUTHORITY)})
    indicators = table("raw/indicators")[["indicator", "topic", "flow_or_stock", "symmetric"]]
    places = dict(table("places").itertuples(index=False))
    periods = pd.DataFrame(
        [(text, *read) for text in raw.period.unique() if (read := period(text))],
        columns=["period", "period_label", "period_start", "period_end", "period_precision", "year_before"])
    for column in ["reporter", "partner"]:
        raw[column] = raw[column].map(places)
    claims = (
        raw.dropna(subset=["reporter", "partner"])
        .merge(sources[["source", "published_on", "authority"]], on="source").merge(indicators, on="indicator")
        .merge(periods, on="period").merge(figures(pd.Series(raw.stated.unique())), on="stated")
    )
    swapped = (claims.symmetric == "true") & (claims.partner < claims.reporter)
    claims.loc[swapped, ["reporter", "partner"]] = claims.loc[swapped, ["partner", "reporter"]].to_numpy()
    growth = claims.measure == "growth"
    share = (claims.unit == "%") & ~growth
    claims["lower"] = claims.lower.where(~share, claims.lower.fillna(0).clip(lower=0))
    claims["upper"] = claims.upper.where(~share, claims.upper.fillna(100).clip(upper=100))
    claims["base_period"] = claims.year_before.where(growth)
    claims["kind"] = claims["kind"].fillna("actual")
    claims["rank"] = claims["rank"].fillna("normal")
    claims["period_role"] = np.where(claims.flow_or_stock == "stock", "as_of", "during")
    claims = claims.assign(evidence_status="no_text", file="raw/claims.csv", sheet=None, source_id=claims.source)
    return claims.sort_values("claim_id", ignore_index=True)


def reconcile(claims):
    keys = ["indicator", "measure", "reporter", "partner", "unit", "period_label", "base_period"]
    rows = claims[claims["rank"] != "deprecated"].copy()
    rows["group"] = rows.groupby(keys, dropna=False, sort=False).ngroup()
    rows["lo"], rows["hi"] = rows.lower.fillna(-np.inf), rows.upper.fillna(np.inf)
    groups = rows.groupby("group", sort=False)
    low, high = groups.lo.transform("max"), groups.hi.transform("min")
    rows["low_open"] = (rows.lower_open & (rows.lo == low)).groupby(rows.group).transform("any")
    rows["high_open"] = (rows.upper_open & (rows.hi == high)).groupby(rows.group).transform("any")
    rows["conflict"] = (low > high) | ((low == high) & (rows.low_open | rows.high_open))
    rows["low"], rows["high"] = low, high
    rows["r"] = rows["rank"] != "preferred"
    rows["a"] = rows.authority.where(rows.conflict, 0)
    finite_low, finite_high = rows.lower.notna(), rows.upper.notna()
    rows["class"] = np.select([finite_low & finite_high, finite_low, finite_high], [0, 1, 2], 3)
    gap = (rows.hi - rows.lo).where(rows["class"] == 0, 1.0)
    scale = 10.0 ** np.floor(np.log10(gap.where(gap > 0, 1.0)))
    rows["width"] = np.select(
        [rows["class"] == 0, rows["class"] == 1, rows["class"] == 2], [(gap / scale).round(9) * scale, -rows.lo, rows.hi], 0.0)
    rows["ends"] = 2 - rows.lower_open.astype(int) - rows.upper_open.astype(int)
    rows["later"] = -rows.published_on.astype("int64")
    rows = rows.sort_values(["group", "r", "a", "class", "width", "ends", "later", "claim_id"], ignore_index=True)
    groups = rows.groupby("group", sort=True)
    steps = {"rank": ["r"], "authority": ["a"], "interval": ["class", "width", "ends"], "published": ["later"]}
    has_next = rows.group == rows.group.shift(-1)
    differs = [(rows[columns] != rows[columns].shift(-1)).any(axis=1) for columns in steps.values()]
    rows["reason"] = np.select([~has_next, *differs], ["only", *steps], "id")
    best = rows[rows.group != rows.group.shift(1)].set_index("group")
    best["claims"] = groups.claim_id.agg(";".join)
    best["witnesses"] = groups.source_id.nunique()
    for own, common in [("lo", "low"), ("hi", "high"), ("lower_open", "low_open"), ("upper_open", "high_open")]:
        best[own] = best[own].where(best.conflict, best[common])
    best["lower"], best["upper"] = best.lo.where(np.isfinite(best.lo)), best.hi.where(np.isfinite(best.hi))
    growth = np.where(best.measure == "growth", ".growth", "")
    best["series_id"] = best.indicator + "." + best.reporter + "." + best.partner + growth
    best = best.assign(kind="actual", derived=False, formula=None, as_of=claims.published_on.max(), best_claim=best.claim_id)
    return best[OBSERVATIONS].sort_values(["series_id", "period_label"])


def main(folder, out):
    claims = read(folder)
    files = [f"{out}/{name}" for name in ("claims.parquet", "claims.csv", "observations.parquet", "observations.csv")]
    for table, (parquet, csv) in [(claims[CLAIMS], files[:2]), (reconcile(claims), files[2:])]:
        table.to_parquet(parquet, index=False)
        table.to_csv(csv, index=False)
    sync(*files)


if __name__ == "__main__":
    main(*sys.argv[1:])
