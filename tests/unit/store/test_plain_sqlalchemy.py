"""A role has SQLAlchemy's Core and asyncio, and not its ORM."""

from __future__ import annotations

import subprocess
import sys

ROLE = """
import sys
import hub.app
import hub.delivery.run
loaded = [name for name in sys.modules if name.startswith("sqlalchemy.orm")]
sys.stdout.write(f"{loaded}\\n")
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
create_async_engine("sqlite+aiosqlite://")
try:
    AsyncSession()
except ImportError as error:
    sys.stdout.write(str(error))
"""


def test_a_role_that_reads_a_database_does_not_load_the_orm_and_is_told_so_when_it_wants_it() -> None:
    done = subprocess.run([sys.executable, "-c", ROLE], capture_output=True, text=True, check=True)
    loaded, said = done.stdout.splitlines()
    assert loaded == "[]"
    assert "without its ORM (hub/store/plain_sqlalchemy.py)" in said
