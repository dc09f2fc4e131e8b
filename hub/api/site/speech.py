"""How a page speaks: texts by gettext, dates, numbers and plural forms by Babel, one `Speech` a language.

English stands in the code and in the templates. `locale/<language>/LC_MESSAGES/site.po` is read as it stands when the
process starts: there is no compiled file that could be older than its source.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, get_timezone_name
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations

from hub.domain.posting import Lang
from hub.domain.zone import REGION_ZONE
from hub.feed.reading import LANGUAGES

NAMES: dict[Lang, str] = {"nl": "Nederlands", "en": "English"}
_LOCALES: dict[Lang, str] = {"nl": "nl_NL", "en": "en_GB"}


def mark(text: str) -> str:
    """Marks a text for the catalogues; it is translated where it is shown."""
    return text


def read_catalogue(language: Lang) -> Catalog | None:
    """None for the language that the code speaks itself."""
    path = files("hub.api.site").joinpath(f"locale/{language}/LC_MESSAGES/site.po")
    return read_po(io.BytesIO(path.read_bytes()), locale=_LOCALES[language]) if path.is_file() else None


def _translations(language: Lang) -> NullTranslations:
    catalogue = read_catalogue(language)
    if catalogue is None:
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


@dataclass(frozen=True)
class Speech:
    """Texts and figures of one language."""

    language: Lang
    locale: Locale
    translations: NullTranslations

    @classmethod
    def of(cls, language: Lang) -> Speech:
        return cls(language, Locale.parse(_LOCALES[language]), _translations(language))

    def say(self, text: str, **values: Any) -> str:
        """`text` in this language, `%(name)s` filled in."""
        told: str = self.translations.gettext(text)
        return told % values if values else told

    def say_many(self, one: str, many: str, number: int, **values: Any) -> str:
        """The form that fits `number`; `%(number)s` is written as this language writes it."""
        told: str = self.translations.ngettext(one, many, number)
        return told % {"number": self.number(number), **values}

    def join(self, words: list[str]) -> str:
        """`a, b and c`."""
        if len(words) < 2:
            return "".join(words)
        return self.say("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1])

    def number(self, value: float) -> str:
        return format_decimal(value, locale=self.locale)

    def money(self, value: float, currency: str) -> str:
        """Without cents where there are none."""
        digits = "¤#,##0.00" if value % 1 else "¤#,##0"
        pattern = digits.replace("¤", "¤\xa0") if self.language == "nl" else digits
        return format_currency(value, currency, pattern, locale=self.locale, currency_digits=False)

    def day(self, value: date | datetime) -> str:
        """`24 November 2026`; of a moment, the day at home."""
        return format_date(_home(value), "long", locale=self.locale)

    def short_day(self, value: date | datetime) -> str:
        """`24 Nov 2026`."""
        return format_date(_home(value), "medium", locale=self.locale)

    def weekday(self, value: date | datetime) -> str:
        """`Tuesday 24 November 2026`."""
        return format_date(_home(value), "EEEE d MMMM y", locale=self.locale)

    def time(self, value: datetime, zone: ZoneInfo = REGION_ZONE) -> str:
        """`09:00`."""
        return format_time(value.astimezone(zone), "HH:mm", locale=self.locale)

    def moment(self, value: datetime) -> str:
        return format_datetime(value.astimezone(REGION_ZONE), "d MMMM y, HH:mm", locale=self.locale)

    def zone(self, zone: ZoneInfo) -> str:
        """Its name, where it is not the one at home."""
        return get_timezone_name(zone, locale=self.locale)


def _home(value: date | datetime) -> date:
    return value.astimezone(REGION_ZONE).date() if isinstance(value, datetime) else value


SPEECH: dict[Lang, Speech] = {language: Speech.of(language) for language in LANGUAGES}
