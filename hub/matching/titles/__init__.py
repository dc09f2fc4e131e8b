from hub.matching.titles.comparing import (
    TitleComparison,
    compare_departments,
    compare_levels,
    compare_numbers,
    compare_titles,
    compare_units,
    concept_similarity,
)
from hub.matching.titles.form import TitleForm
from hub.matching.titles.reading import read_title, read_unit
from hub.matching.titles.signs import Sign, sign_of
from hub.matching.titles.spelling import judge_language

__all__ = [
    "Sign",
    "TitleComparison",
    "TitleForm",
    "compare_departments",
    "compare_levels",
    "compare_numbers",
    "compare_titles",
    "compare_units",
    "concept_similarity",
    "judge_language",
    "read_title",
    "read_unit",
    "sign_of",
]
