"""The job in DuckDB's SQL: claims and observations of a generated workspace, as Parquet and CSV."""

import sys

import duckdb

from common import AUTHORITY, CLAIMS, COMPARATORS, MAGNITUDES, OBSERVATIONS, STATED, period, sync

TABLES = """
create table raw as
    select *, row_number() over () as line from read_csv('{folder}/raw/claims.csv', all_varchar = true, header = true);
create table sources as
    select source_id as source, published_on::date as published_on, list_position({authority}, kind) as authority
    from read_csv('{folder}/raw/sources.csv', all_varchar = true);
create table indicators as
    select indicator, topic, flow_or_stock, "symmetric" = 'true' as is_symmetric
    from read_csv('{folder}/raw/indicators.csv', all_varchar = true);
create table places as select name, code from read_csv('{folder}/places.csv', all_varchar = true);
"""

FIGURES = """
create table figures as
with words as (
    select stated, contains(lower(stated), 'долларов') as ru,
        regexp_extract(lower(stated), $stated, ['c', 'sign', 'first', 'second', 'magnitude', 'unit']) as g
    from (select distinct stated from raw where regexp_matches(lower(stated), $stated))
), plain as (
    select stated, coalesce(m.power, 0) as magnitude,
        case when g.second <> '' then 'range' else coalesce(c.sign, '=') end as comparator,
        case when g.sign <> '' or g.unit in ('us dollars', 'долларов сша') then 'USD'
            when g.unit in ('%', 'percent') then '%' when g.unit = 'cubic meters' then 'm3'
            when g.unit = 'kwh' then 'kW.h' when g.unit = 'tonnes' then 't' else '1' end as unit,
        case when ru then replace(replace(g.first, ' ', ''), ',', '.') else replace(g.first, ',', '') end as one,
        case when ru then replace(replace(g.second, ' ', ''), ',', '.') else replace(g.second, ',', '') end as two
    from words left join comparators c on c.word = g.c left join magnitudes m on m.word = g.magnitude
), mantissas as (
    select stated, comparator, unit, replace(one, '.', '')::bigint as m, unit = '1' and magnitude = 0 as exact,
        magnitude - length(split_part(one, '.', 2)) as e, try_cast(replace(two, '.', '') as bigint) as m2,
        magnitude - length(split_part(two, '.', 2)) as e2
    from plain
)
select stated, unit, comparator, case when comparator <> 'range' then scaled(m, e) end as value,
    case when comparator = '=' then scaled(m * 10 - if(exact, 0, 5), e - 1)
        when comparator = '~' then scaled(m * 100 - if(m < 10 and not exact, 50, m * 5), e - 2)
        when comparator = '<~' then scaled(m * 90, e - 2)
        when comparator in ('>', '>=', 'range') then scaled(m, e) end as lower,
    case when comparator = '=' then scaled(m * 10 + if(exact, 0, 5), e - 1)
        when comparator = '~' then scaled(m * 100 + if(m < 10 and not exact, 50, m * 5), e - 2)
        when comparator = 'range' then scaled(m2, e2)
        when comparator in ('<~', '<', '<=') then scaled(m, e) end as upper,
    comparator = '>' as lower_open, comparator in ('<~', '<') as upper_open
from mantissas;
"""

CLAIMS_SQL = """
create table claims as
select r.claim_id, r.source as source_id, r.indicator, i.topic, r.measure,
    if(i.is_symmetric and q.code < p.code, q.code, p.code) as reporter,
    if(i.is_symmetric and q.code < p.code, p.code, q.code) as partner,
    coalesce(r.kind, 'actual') as kind, r.stated, f.comparator, f.value,
    if(f.unit = '%' and r.measure = 'level', greatest(coalesce(f.lower, 0), 0), f.lower) as lower, f.lower_open,
    if(f.unit = '%' and r.measure = 'level', least(coalesce(f.upper, 100), 100), f.upper) as upper, f.upper_open,
    f.unit, t.period_label, t.period_start, t.period_end,
    if(i.flow_or_stock = 'stock', 'as_of', 'during') as period_role, t.period_precision,
    if(r.measure = 'growth', t.year_before, null) as base_period, coalesce(r.rank, 'normal') as rank, r.rank_reason,
    r.supersedes, r.asserted_by, s.published_on, r.evidence, 'no_text' as evidence_status, r.locator,
    'raw/claims.csv' as file, null::varchar as sheet, (r.line + 1) || ':6' as cell, r.note, s.authority
from raw r join sources s using (source) join indicators i using (indicator)
    join places p on p.name = r.reporter join places q on q.name = r.partner
    join periods t using (period) join figures f using (stated);
"""

OBSERVATIONS_SQL = """
create table observations as
with counting as (
    select *, coalesce(lower, '-infinity'::double) as lo, coalesce(upper, 'infinity'::double) as hi,
        hi - lo as gap, rank <> 'preferred' as r,
        case when lower is not null and upper is not null then 0 when lower is not null then 1
            when upper is not null then 2 else 3 end as class,
        case when class = 0 and gap > 0 then round(gap / pow(10.0, floor(log10(gap))), 9) * pow(10.0, floor(log10(gap)))
            when class = 0 then 0 when class = 1 then -lo when class = 2 then hi else 0 end as width,
        2 - lower_open::int - upper_open::int as ends
    from claims where rank <> 'deprecated'
), common as (
    select *, max(lo) over g as low, min(hi) over g as high, count(*) over g as members from counting
    window g as (partition by indicator, measure, reporter, partner, unit, period_label, base_period)
), agreed as (
    select indicator, measure, reporter, partner, unit, period_label, base_period, any_value(low) as low,
        any_value(high) as high, bool_or(lower_open and lo = low) as low_open,
        bool_or(upper_open and hi = high) as high_open
    from common group by all
), ranked as (
    select c.* exclude (low, high), a.low, a.high, a.low_open, a.high_open,
        a.low > a.high or (a.low = a.high and (a.low_open or a.high_open)) as conflict,
        if(conflict, c.authority, 0) as a
    from common c join agreed a on c.indicator = a.indicator and c.measure = a.measure and c.reporter = a.reporter
        and c.partner = a.partner and c.unit = a.unit and c.period_label = a.period_label
        and c.base_period is not distinct from a.base_period
), best as (
    select concat_ws('.', indicator, reporter, partner, if(measure = 'growth', 'growth', null)) as series_id,
        indicator, measure, reporter, partner, unit, period_label, base_period,
        list({'topic': topic, 'period_start': period_start, 'period_end': period_end, 'period_role': period_role,
            'comparator': comparator, 'value': value, 'lo': lo, 'hi': hi, 'lower_open': lower_open,
            'upper_open': upper_open, 'claim_id': claim_id, 'source_id': source_id, 'r': r, 'a': a, 'class': class,
            'width': width, 'ends': ends, 'published_on': published_on}
            order by r, a, class, width, ends, published_on desc, claim_id) as l,
        any_value(conflict) as conflict, any_value(low) as low, any_value(high) as high,
        any_value(low_open) as low_open, any_value(high_open) as high_open
    from ranked group by indicator, measure, reporter, partner, unit, period_label, base_period
), placed as (
    select *, l[1] as one, l[2] as two from best
), shown as (
    select *, if(conflict, one.lo, low) as lo, if(conflict, one.hi, high) as hi from placed
)
select series_id, indicator, one.topic as topic, measure, reporter, partner, 'actual' as kind, unit, period_label,
    one.period_start as period_start, one.period_end as period_end, one.period_role as period_role, base_period,
    one.comparator as comparator, one.value as value, if(isinf(lo), null, lo) as lower,
    if(conflict, one.lower_open, low_open) as lower_open, if(isinf(hi), null, hi) as upper,
    if(conflict, one.upper_open, high_open) as upper_open,
    array_to_string(list_transform(l, lambda x: x.claim_id), ';') as claims,
    list_unique(list_transform(l, lambda x: x.source_id)) as witnesses, conflict, one.claim_id as best_claim,
    case when two is null then 'only' when one.r <> two.r then 'rank' when one.a <> two.a then 'authority'
        when one.class <> two.class or one.width <> two.width or one.ends <> two.ends then 'interval'
        when one.published_on <> two.published_on then 'published' else 'id' end as reason,
    false as derived, null::varchar as formula, (select max(published_on) from claims) as as_of
from shown;
"""


def main(folder, out):
    base = duckdb.connect()
    base.execute(TABLES.format(folder=folder, authority=AUTHORITY))
    base.execute("create macro scaled(m, e) as m::double * pow(10.0, greatest(e, 0)) / pow(10.0, greatest(-e, 0))")
    base.execute("create table comparators (word varchar, sign varchar)")
    base.executemany("insert into comparators values (?, ?)", list(COMPARATORS.items()))
    base.execute("create table magnitudes (word varchar, power integer)")
    base.executemany("insert into magnitudes values (?, ?)", list(MAGNITUDES.items()))
    base.execute("create table periods (period varchar, period_label varchar, period_start date, period_end date, "
                 "period_precision varchar, year_before varchar)")
    wordings = [text for (text,) in base.execute("select distinct period from raw").fetchall()]
    base.executemany("insert into periods values (?, ?, ?, ?, ?, ?)",
                     [(text, *read) for text in wordings if (read := period(text))])
    base.execute(FIGURES, {"stated": STATED})
    base.execute(CLAIMS_SQL)
    base.execute(OBSERVATIONS_SQL)
    files = []
    for name, columns, order in [("claims", CLAIMS, "claim_id"), ("observations", OBSERVATIONS, "series_id, period_label")]:
        rows = f"(select {', '.join(columns)} from {name} order by {order})"
        for form, options in [("parquet", "format parquet, compression zstd"), ("csv", "header")]:
            files.append(f"{out}/{name}.{form}")
            base.execute(f"copy {rows} to '{files[-1]}' ({options})")
    sync(*files)


if __name__ == "__main__":
    main(*sys.argv[1:])
