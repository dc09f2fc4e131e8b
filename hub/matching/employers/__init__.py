"""Employers: which organisation a written name means, and how alike two of them are. Start with `EmployerTable`."""

from hub.matching.employers.comparison import LEVELS, compare_employers
from hub.matching.employers.form import EmployerForm
from hub.matching.employers.table import EmployerTable

__all__ = ["LEVELS", "EmployerForm", "EmployerTable", "compare_employers"]
