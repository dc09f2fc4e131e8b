"""Employers of the sandbox's region: public bodies and invented firms, each with the spellings that platforms use.

Addresses of all of them end in `.example`; no record of the sandbox names a real person, opening or page.
"""

from __future__ import annotations

from dataclasses import dataclass

_ROWS = """
umcg|Universitair Medisch Centrum Groningen|University Medical Center Groningen (UMCG)|UMCG|health|Groningen|12800|hosted
martini|Martini Ziekenhuis|Martini Hospital|Martini Ziekenhuis|health|Groningen|3100|own
ommelander|Ommelander Ziekenhuis Groningen|Ommelander Hospital Groningen|OZG|health|Scheemda|1200|own
mcl|Medisch Centrum Leeuwarden|Medical Centre Leeuwarden|MCL|health|Leeuwarden|4100|hosted
treant|Treant Zorggroep|Treant Care Group|Treant|health|Emmen|4900|own
lentis|Lentis|Lentis Mental Health Care|Lentis|health|Groningen|3600|own
ggzdrenthe|GGZ Drenthe|GGZ Drenthe Mental Health Care|GGZ Drenthe|health|Assen|1800|own
wzagroep|Wilhelmina Ziekenhuis Assen|Wilhelmina Hospital Assen|WZA|health|Assen|1300|own
dezonnewende|Stichting De Zonnewende Zorg|De Zonnewende Care Foundation|De Zonnewende|health|Veendam|640|hosted
ggdgroningen|GGD Groningen|Public Health Service Groningen|GGD Groningen|public|Groningen|420|own
rug|Rijksuniversiteit Groningen|University of Groningen|RUG|education|Groningen|6800|own
hanze|Hanzehogeschool Groningen|Hanze University of Applied Sciences Groningen|Hanze|education|Groningen|3300|hosted
nhlstenden|NHL Stenden Hogeschool|NHL Stenden University of Applied Sciences|NHL Stenden|education|Leeuwarden|2600|own
noorderpoort|Noorderpoort|Noorderpoort College|Noorderpoort|education|Groningen|1700|own
alfa|Alfa-college|Alfa-college|Alfa|education|Groningen|1300|own
drenthecollege|Drenthe College|Drenthe College|DC|education|Emmen|1000|own
gemgroningen|Gemeente Groningen|Municipality of Groningen|Gem. Groningen|public|Groningen|3900|own
gemleeuwarden|Gemeente Leeuwarden|Municipality of Leeuwarden|Gem. Leeuwarden|public|Leeuwarden|1700|own
gemassen|Gemeente Assen|Municipality of Assen|Gem. Assen|public|Assen|850|own
gememmen|Gemeente Emmen|Municipality of Emmen|Gem. Emmen|public|Emmen|1100|own
gemeemsdelta|Gemeente Eemsdelta|Municipality of Eemsdelta|Gem. Eemsdelta|public|Delfzijl|700|own
gemhogeland|Gemeente Het Hogeland|Municipality of Het Hogeland|Gem. Het Hogeland|public|Uithuizen|560|own
gemmidden|Gemeente Midden-Groningen|Municipality of Midden-Groningen|Gem. Midden-Groningen|public|Hoogezand|720|own
gemoldambt|Gemeente Oldambt|Municipality of Oldambt|Gem. Oldambt|public|Winschoten|480|own
gemwesterkw|Gemeente Westerkwartier|Municipality of Westerkwartier|Gem. Westerkwartier|public|Leek|600|own
gemsmall|Gemeente Smallingerland|Municipality of Smallingerland|Gem. Smallingerland|public|Drachten|540|own
gemsudwest|Gemeente Súdwest-Fryslân|Municipality of Súdwest-Fryslân|Gem. SWF|public|Sneek|900|own
provgroningen|Provincie Groningen|Province of Groningen|Prov. Groningen|public|Groningen|1100|own
provdrenthe|Provincie Drenthe|Province of Drenthe|Prov. Drenthe|public|Assen|620|own
provfryslan|Provincie Fryslân|Province of Fryslân|Provinsje Fryslân|public|Leeuwarden|800|own
noorderzijlvest|Waterschap Noorderzijlvest|Water Board Noorderzijlvest|Noorderzijlvest|water|Groningen|420|own
hunzeenaas|Waterschap Hunze en Aa's|Water Board Hunze en Aa's|Hunze en Aa's|water|Veendam|380|own
wetterskip|Wetterskip Fryslân|Water Board Fryslân|Wetterskip|water|Leeuwarden|560|own
wdodelta|Waterschap Drents Overijsselse Delta|Water Board Drents Overijsselse Delta|WDODelta|water|Zwolle|690|own
waterbedrijf|Waterbedrijf Groningen|Groningen Water Company|Waterbedrijf|water|Groningen|260|own
wmd|WMD Drinkwater|WMD Drinking Water|WMD|water|Assen|210|own
rdw|RDW|RDW Netherlands Vehicle Authority|RDW|public|Veendam|1900|hosted
duo|Dienst Uitvoering Onderwijs|Education Executive Agency (DUO)|DUO|public|Groningen|2400|own
cjib|Centraal Justitieel Incassobureau|Central Judicial Collection Agency (CJIB)|CJIB|public|Leeuwarden|1500|own
vrgroningen|Veiligheidsregio Groningen|Safety Region Groningen|VRG|public|Groningen|380|own
odgroningen|Omgevingsdienst Groningen|Environment Agency Groningen|ODG|public|Veendam|230|own
ofgv|Omgevingsloket Noord|Environment Desk North|ON|public|Assen|140|own
noordergas|Noordergas Infrastructuur N.V.|Noordergas Infrastructure|Noordergas|energy|Groningen|1500|hosted
netnoord|NetNoord B.V.|NetNoord|NetNoord|energy|Groningen|900|hosted
eemswind|Eemswind Offshore B.V.|Eemswind Offshore|Eemswind|energy|Eemshaven|180|hosted
waterstofwerf|De Waterstofwerf B.V.|Hydrogen Yard|Waterstofwerf|energy|Delfzijl|120|hosted
zonnekrachtnoord|Zonnekracht Noord Coöperatie U.A.|Solar Power North Cooperative|Zonnekracht Noord|energy|Assen|75|own
seaports|Havenbedrijf Eemsdelta|Eemsdelta Port Authority|Havenbedrijf|logistics|Delfzijl|110|own
noordlogistiek|Noord Logistiek B.V.|North Logistics|Noord Logistiek|logistics|Hoogeveen|340|own
streekvervoer|Streekvervoer Noord N.V.|Regional Transit North|SVN|logistics|Groningen|870|own
wadveer|Rederij Wadveer B.V.|Wadveer Ferries|Wadveer|logistics|Harlingen|260|own
terpsoft|Terpsoft B.V.|Terpsoft|Terpsoft|it|Groningen|210|hosted
bitveen|Bitveen Software B.V.|Bitveen Software|Bitveen|it|Assen|95|hosted
datawold|Datawold B.V.|Datawold Analytics|Datawold|it|Groningen|60|hosted
hogelandcloud|Hogeland Cloud B.V.|Hogeland Cloud|Hogeland Cloud|it|Uithuizen|45|hosted
friscode|Friscode B.V.|Friscode|Friscode|it|Leeuwarden|130|hosted
medisens|MediSens Diagnostics B.V.|MediSens Diagnostics|MediSens|it|Groningen|85|hosted
melkweide|Coöperatie Melkweide U.A.|Melkweide Dairy Cooperative|Melkweide|agri|Leeuwarden|2100|hosted
aardappelgoud|Aardappelgoud B.V.|Aardappelgoud Starch|Aardappelgoud|agri|Veendam|1300|own
bietenbond|Bietenbond Noord U.A.|Northern Beet Growers|Bietenbond|agri|Hoogeveen|420|own
zaadhoeve|Zaadhoeve Veredeling B.V.|Zaadhoeve Plant Breeding|Zaadhoeve|agri|Emmen|190|hosted
wierdebouw|Wierdebouw Techniek B.V.|Wierdebouw Engineering|Wierdebouw|engineering|Drachten|650|own
staalveen|Staalveen Machinefabriek B.V.|Staalveen Machine Works|Staalveen|engineering|Hoogezand|310|own
ringwegbouw|Ringwegbouw Infra B.V.|Ringwegbouw Infra|Ringwegbouw|engineering|Groningen|520|own
optiekdrachten|Optiek Drachten Instruments B.V.|Optiek Drachten Instruments|ODI|engineering|Drachten|400|hosted
veenbank|Veenbank N.V.|Veenbank|Veenbank|finance|Groningen|760|hosted
noordpensioen|Noordpensioen N.V.|Noordpensioen Pension Fund|Noordpensioen|finance|Heerenveen|230|hosted
wadverzekering|Onderlinge Wadverzekeringen U.A.|Wad Mutual Insurance|Wadverzekeringen|finance|Leeuwarden|480|own
"""


@dataclass(frozen=True, slots=True)
class Employer:
    key: str
    nl: str
    en: str
    short: str
    sector: str
    place: str
    staff: int
    ats: str
    """`hosted`: vacancies live at an ATS on the employer's tenant; `own`: on its own careers site."""
    number: int

    @property
    def domain(self) -> str:
        return f"{self.key}.example"

    @property
    def careers_home(self) -> str:
        return (
            f"https://werkenbij.{self.domain}/",
            f"https://www.{self.domain}/vacatures",
            f"https://{self.domain}/werken-bij/",
        )[self.number % 3]

    @property
    def official(self) -> tuple[str, ...]:
        """The Dutch name with and without its legal form: what an employer's own reference number goes with."""
        bare = self.nl.replace(" B.V.", "").replace(" N.V.", "").replace(" U.A.", "")
        return tuple(dict.fromkeys((self.nl, bare)))

    def spellings(self, lang: str) -> tuple[str, ...]:
        """How platforms write the name; the first is the plain one."""
        plain = self.nl if lang == "nl" else self.en
        bare = plain.replace(" B.V.", "").replace(" N.V.", "").replace(" U.A.", "")
        other = (plain, bare, f"{bare} ({self.short})" if self.short not in bare else bare, self.short, bare.upper())
        return tuple(dict.fromkeys(other))


def _read() -> tuple[Employer, ...]:
    employers = []
    for number, row in enumerate(_ROWS.strip().splitlines()):
        key, nl, en, short, sector, place, staff, ats = row.split("|")
        employers.append(Employer(key, nl, en, short, sector, place, int(staff), ats, number))
    return tuple(employers)


EMPLOYERS = _read()
BY_KEY = {employer.key: employer for employer in EMPLOYERS}
