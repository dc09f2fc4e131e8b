"""structlog without rich. Import this before anything that imports structlog.

structlog loads rich wherever it is installed, for tracebacks in colour; no role prints one, and each would hold four
megabytes for it. What stands as None in `sys.modules` counts as not installed.
"""

from __future__ import annotations

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules
if not {"rich", "structlog"} & _modules.keys():
    _modules["rich"] = None
    try:
        import structlog  # noqa: F401 - for what it leaves in sys.modules
    finally:
        del _modules["rich"]
