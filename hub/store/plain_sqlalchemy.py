"""SQLAlchemy's asyncio without its ORM. Import this before anything that imports `sqlalchemy.ext.asyncio`.

That package loads its session with itself, and the session loads the ORM: six megabytes for each role that reads a
database, of which the hub uses Core alone. What stands in `sys.modules` is not loaded again; here it is two modules in
which every name is one class that nobody can use.
"""

from __future__ import annotations

import sys
from types import ModuleType

_LEFT_OUT = ("sqlalchemy.ext.asyncio.scoping", "sqlalchemy.ext.asyncio.session")


class NotLoaded:
    def __init__(self, *_: object, **__: object) -> None:
        raise ImportError("this process uses SQLAlchemy without its ORM (hub/store/plain_sqlalchemy.py)")


class _Empty(ModuleType):
    def __getattr__(self, name: str) -> type[NotLoaded]:
        if name.startswith("__"):
            raise AttributeError(name)
        return NotLoaded


for _name in _LEFT_OUT:
    sys.modules.setdefault(_name, _Empty(_name))
