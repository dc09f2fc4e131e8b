from hub.matching.titles.comparing import (
    TitleComparison,
    compare_departments,
    compare_levels,
    compare_numbers,
    compare_titles,
    concept_similarity,
)
from hub.matching.titles.form import TitleForm
from hub.matching.titles.reading import judge_language, read_title

__all__ = [
    "TitleComparison",
    "TitleForm",
    "compare_departments",
    "compare_levels",
    "compare_numbers",
    "compare_titles",
    "concept_similarity",
    "judge_language",
    "read_title",
]
