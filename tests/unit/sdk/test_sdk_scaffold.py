"""Where a new connector is written, in the hub's tree and as a package of its own."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.sdk.manifest import parse_manifest
from hub.sdk.scaffold import FORMATS, write_connector

FILES = ("README.md", "__init__.py", "manifest.toml", "mapping.py", "payload.py", "source.py")


@pytest.mark.parametrize("format_", FORMATS)
def test_connector_in_the_tree_has_the_same_files_as_every_other(format_: str, tmp_path: Path) -> None:
    write_connector("acme", format_, base_url="https://acme.example/", root=tmp_path)
    assert tuple(sorted(path.name for path in (tmp_path / "hub/connectors/acme").iterdir())) == tuple(sorted(FILES))
    assert (tmp_path / "tests/connectors/acme/test_acme_connector.py").is_file()


@pytest.mark.parametrize("format_", FORMATS)
def test_manifest_is_valid_and_names_the_format(format_: str, tmp_path: Path) -> None:
    write_connector("acme", format_, base_url="https://acme.example/", root=tmp_path)
    text = (tmp_path / "hub/connectors/acme/manifest.toml").read_text(encoding="utf-8")
    manifest = parse_manifest(text, where="manifest.toml")
    assert (manifest.name, manifest.format, manifest.base_url, manifest.enabled) == (
        "acme",
        format_,
        "https://acme.example",
        False,
    )


@pytest.mark.parametrize(
    ("base_url", "hosts"),
    [
        ("https://acme.example", ["acme.example", "www.acme.example"]),
        ("https://www.acme.example/jobs", ["acme.example", "www.acme.example"]),
        ("http://127.0.0.1:8000", ["127.0.0.1"]),
        ("http://localhost:8000", ["localhost"]),
    ],
)
def test_platform_may_redirect_between_its_name_with_and_without_www(base_url: str, hosts: list[str], tmp_path: Path) -> None:
    write_connector("acme", "json", base_url=base_url, root=tmp_path)
    manifest = tomllib.loads((tmp_path / "hub/connectors/acme/manifest.toml").read_text(encoding="utf-8"))
    assert manifest["platform_hosts"] == hosts


@pytest.mark.parametrize(
    ("format_", "address", "base", "file"),
    [
        ("icalendar", "https://acme.example/ical/x%40y/public/basic.ics", "https://acme.example/ical/x%40y/public", "basic.ics"),
        ("icalendar", "https://acme.example/", "https://acme.example", "agenda.ics"),
        ("schema_org", "https://acme.example/sitemap_index.xml", "https://acme.example", "sitemap_index.xml"),
        ("schema_org", "https://acme.example/nl", "https://acme.example/nl", "sitemap.xml"),
        ("json", "https://acme.example/items.xml", "https://acme.example/items.xml", ""),
    ],
)
def test_address_may_name_the_file(format_: str, address: str, base: str, file: str, tmp_path: Path) -> None:
    write_connector("acme", format_, base_url=address, root=tmp_path)
    folder = tmp_path / "hub/connectors/acme"
    assert tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))["base_url"] == base
    assert f'"{file}"' in (folder / "source.py").read_text(encoding="utf-8") or not file


def test_folder_that_holds_a_package_takes_no_second(tmp_path: Path) -> None:
    write_connector("acme", "json", base_url="https://acme.example", folder=tmp_path)
    with pytest.raises(ConfigError, match="a folder of its own with --dir"):
        write_connector("other", "json", base_url="https://other.example", folder=tmp_path)


def test_package_of_its_own_names_the_entry_point(tmp_path: Path) -> None:
    write_connector("acme", "json", base_url="https://acme.example", folder=tmp_path)
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["hub.connectors"] == {"acme": "acme"}


def test_nothing_is_written_where_one_file_exists(tmp_path: Path) -> None:
    taken = tmp_path / "hub/connectors/acme/source.py"
    taken.parent.mkdir(parents=True)
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"source\.py exists already"):
        write_connector("acme", "json", base_url="https://acme.example", root=tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["source.py"]
