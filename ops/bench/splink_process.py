"""`python splink_process.py RECORDS LABELS`: splink with DuckDB as an expert would set it up; in an environment of its own.

Reads one JSON record a line, writes the clusters of every threshold and kind of clustering, seconds and peak memory. Knows
nothing of the hub: this file runs where only splink and what it needs are installed. Blocking and comparisons are those a
person who knows both splink and job boards would choose; weights come from splink's own estimates (no labels).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pandas
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)
LEAST = 0.2
SEED = 1
T = TypeVar("T")


def main() -> None:
    records, labels = map(Path, sys.argv[1:3])
    rows = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    seconds, found = clusters_of(rows)
    report = {
        "seconds": seconds,
        "processor_seconds": time.process_time(),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "labels": found,
    }
    labels.write_text(json.dumps(report), encoding="utf-8")


def clusters_of(rows: list[dict[str, Any]]) -> tuple[dict[str, float], dict[str, dict[str, str]]]:
    """Seconds by part, and by `{clustering} at {threshold}`: record's id → its cluster."""
    seconds: dict[str, float] = {}

    def timed(part: str, call: Callable[[], T]) -> T:
        started = time.perf_counter()
        result = call()
        # Of several thresholds the dearest counts: a user runs one.
        seconds[part] = max(seconds.get(part, 0), time.perf_counter() - started)
        return result

    table = pandas.DataFrame(rows)
    sources = sorted(table["source_dataset"].unique())
    tables = [table[table["source_dataset"] == source].reset_index(drop=True) for source in sources]
    linker = Linker(tables, settings(), DuckDBAPI(), input_table_aliases=sources)
    timed("training", lambda: train(linker))
    pairs = timed("pairs", lambda: linker.inference.predict(threshold_match_probability=LEAST))
    clusterings: dict[str, Callable[[float], Any]] = {
        "components": lambda at: linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, at),
        "one per board": lambda at: linker.clustering.cluster_using_single_best_links(
            pairs, duplicate_free_datasets=sources, threshold_match_probability=at
        ),
    }
    found = {}
    for name, cluster in clusterings.items():
        for threshold in THRESHOLDS:
            clustered = timed(name, lambda: cluster(threshold).as_pandas_dataframe())  # noqa: B023 - called at once
            found[f"{name} at {threshold}"] = _labels(clustered)
    return seconds, found


def _labels(clustered: pandas.DataFrame) -> dict[str, str]:
    return dict(zip(clustered["unique_id"].astype(str), clustered["cluster_id"].astype(str), strict=True))


def settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            block_on("employer", "municipality"),
            block_on("employer", "title"),
            block_on("url"),
            block_on("reference"),
            block_on("title", "municipality"),
            block_on("substr(employer, 1, 6)", "closes"),
        ],
        comparisons=[
            cl.JaroWinklerAtThresholds("title", [0.94, 0.85, 0.75]).configure(term_frequency_adjustments=True),
            cl.ArrayIntersectAtSizes("title_words", [3, 2, 1]),
            cl.JaroWinklerAtThresholds("employer", [0.94, 0.85]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("municipality").configure(term_frequency_adjustments=True),
            cl.ExactMatch("url"),
            cl.ExactMatch("reference"),
            cl.ArrayIntersectAtSizes("rare_words", [8, 4, 1]),
            cl.AbsoluteDateDifferenceAtThresholds(
                "closes", input_is_string=True, metrics=["day", "day", "day"], thresholds=[1, 7, 30]
            ),
            cl.AbsoluteDateDifferenceAtThresholds("posted", input_is_string=True, metrics=["day", "day"], thresholds=[7, 60]),
            _number("hours", 0.5, 4),
            _number("pay", 25, 400),
            cl.ExactMatch("kind"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _number(column: str, *differences: float) -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            cll.NullLevel(column),
            *(cll.AbsoluteDifferenceLevel(column, difference) for difference in differences),
            cll.ElseLevel(),
        ],
    )


def train(linker: Linker) -> None:
    certain = [block_on("url"), block_on("reference", "employer"), block_on("employer", "title", "municipality", "closes")]
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=SEED)
    # Each run leaves out the columns that it blocks on, so every comparison is estimated in one of them at least.
    for rule in (block_on("employer", "municipality"), block_on("title", "municipality"), block_on("employer", "closes")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)


if __name__ == "__main__":
    main()
