"""What the peers share: names, the grammar of the generated sheets, syncing.

The distinct wordings of periods are read once, here, whatever the peer; that is generous to it.
"""

import datetime
import os
import re

COMPARATORS = {
    "reached": "=", "more than": ">", "over": ">", "exceeded": ">", "более": ">", "at least": ">=", "не менее": ">=",
    "less than": "<", "менее": "<", "up to": "<=", "до": "<=", "about": "~", "roughly": "~", "around": "~",
    "около": "~", "nearly": "<~", "almost": "<~", "почти": "<~", "between": "range",
}
MAGNITUDES = {"trillion": 12, "трлн": 12, "billion": 9, "bn": 9, "млрд": 9, "million": 6, "mln": 6, "млн": 6, "thousand": 3, "тыс.": 3}
STATED = (
    r"^(?:(" + "|".join(COMPARATORS) + r") )?(\$|usd )?(\d[\d,. ]*?)(?:(?: and |–)(\d[\d,.]*))?"
    r"(?: (" + "|".join(m.replace(".", r"\.") for m in MAGNITUDES) + r"))?"
    r" ?(%|percent|us dollars|долларов сша|cubic meters|kwh|tonnes|[a-z]+)?$"
)
AUTHORITY = ["official_statistics", "official_statement", "wire", "press", "press_release", "aggregator"]
CLAIMS = (
    "claim_id source_id indicator topic measure reporter partner kind stated comparator value lower lower_open upper "
    "upper_open unit period_label period_start period_end period_role period_precision base_period rank rank_reason "
    "supersedes asserted_by published_on evidence evidence_status locator file sheet cell note"
).split()
OBSERVATIONS = (
    "series_id indicator topic measure reporter partner kind unit period_label period_start period_end period_role "
    "base_period comparator value lower lower_open upper upper_open claims witnesses conflict best_claim reason "
    "derived formula as_of"
).split()

ENGLISH = ("january february march april may june july august september october november december").split()
RUSSIAN = ("январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь").split()
MONTHS = {name: index % 12 + 1 for index, name in enumerate(ENGLISH + RUSSIAN)}
ORDINALS = {name: index + 1 for index, name in enumerate("first second third fourth".split())}
CARDINALS = {
    name: index + 1
    for index, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split())
}


def period(text):
    """(label, start, end, precision, label a year earlier), or None."""
    months = months_of(text.lower())
    if months is None:
        return None
    year, first, last = months
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    after = datetime.date(end_year + end_month // 12, end_month % 12 + 1, 1)
    length = last - first + 1
    precision = "year" if length % 12 == 0 else "quarter" if "Q" in label(year, first, last) else "month"
    start = datetime.date(year, first, 1)
    return label(year, first, last), start, after - datetime.timedelta(1), precision, label(year - 1, first, last)


def label(year, first, last):
    length = last - first + 1
    if length == 12:
        return str(year)
    if length == 3 and first % 3 == 1:
        return f"{year}-Q{first // 3 + 1}"
    if length == 1:
        return f"{year}-{first:02}"
    return f"{year}-{first:02}/{year + (last - 1) // 12}-{(last - 1) % 12 + 1:02}"


def months_of(text):
    """The year, the first month and the last, counted from the year's first."""
    if found := re.fullmatch(r"(\d{4})(?: год)?", text):
        return int(found[1]), 1, 12
    if found := re.fullmatch(r"(\d{4})[-–](\d{4})", text):
        return int(found[1]), 1, 12 * (int(found[2]) - int(found[1]) + 1)
    if found := re.fullmatch(r"(\d{4})-q([1-4])", text):
        return int(found[1]), 3 * int(found[2]) - 2, 3 * int(found[2])
    if found := re.fullmatch(r"q([1-4]) (\d{4})", text):
        return int(found[2]), 3 * int(found[1]) - 2, 3 * int(found[1])
    if (found := re.fullmatch(r"(\w+) quarter of (\d{4})", text)) and found[1] in ORDINALS:
        return int(found[2]), 3 * ORDINALS[found[1]] - 2, 3 * ORDINALS[found[1]]
    if found := re.fullmatch(r"(\d{4})-(\d\d)(?:/\1-(\d\d))?", text):
        return int(found[1]), int(found[2]), int(found[3] or found[2])
    if (found := re.fullmatch(r"(\w+)(?:–(\w+))? (\d{4})", text)) and found[1] in MONTHS:
        return int(found[3]), MONTHS[found[1]], MONTHS[found[2] or found[1]]
    if found := re.fullmatch(r"(?:first (\w+)|(\d+)) months of (\d{4})", text):
        return int(found[3]), 1, int(found[2]) if found[2] else CARDINALS[found[1]]
    return None


def sync(*paths):
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
