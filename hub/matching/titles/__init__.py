from hub.matching.titles.comparing import (
    TitleComparison,
    compare_departments,
    compare_levels,
    compare_numbers,
    compare_titles,
    compare_units,
    compare_wordings,
    concept_similarity,
)
from hub.matching.titles.decoration import stands_in
from hub.matching.titles.form import TitleForm, Wording, told_by_both
from hub.matching.titles.reading import names_work, read_title, read_unit
from hub.matching.titles.signs import Sign, sign_of
from hub.matching.titles.spelling import judge_language

__all__ = [
    "Sign",
    "TitleComparison",
    "TitleForm",
    "Wording",
    "compare_departments",
    "compare_levels",
    "compare_numbers",
    "compare_titles",
    "compare_units",
    "compare_wordings",
    "concept_similarity",
    "judge_language",
    "names_work",
    "read_title",
    "read_unit",
    "sign_of",
    "stands_in",
    "told_by_both",
]
