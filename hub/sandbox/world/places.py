"""Places of the sandbox's region: name, municipality, province, postcode district, position.

A few lie outside the North, because real partners list those too and they are no errors.
"""

from __future__ import annotations

from dataclasses import dataclass

_ROWS = """
Groningen|Groningen|Groningen|9712|53.2194|6.5665
Haren|Groningen|Groningen|9751|53.1725|6.6031
Ten Boer|Groningen|Groningen|9791|53.2767|6.6958
Hoogezand|Midden-Groningen|Groningen|9601|53.1617|6.7611
Slochteren|Midden-Groningen|Groningen|9621|53.2200|6.8033
Stadskanaal|Stadskanaal|Groningen|9501|52.9895|6.9504
Musselkanaal|Stadskanaal|Groningen|9581|52.9333|7.0167
Veendam|Veendam|Groningen|9641|53.1062|6.8756
Oude Pekela|Pekela|Groningen|9665|53.1042|7.0083
Winschoten|Oldambt|Groningen|9671|53.1442|7.0347
Scheemda|Oldambt|Groningen|9679|53.1733|6.9733
Ter Apel|Westerwolde|Groningen|9561|52.8758|7.0597
Uithuizen|Het Hogeland|Groningen|9981|53.4069|6.6742
Winsum|Het Hogeland|Groningen|9951|53.3300|6.5200
Eemshaven|Het Hogeland|Groningen|9979|53.4386|6.8350
Leek|Westerkwartier|Groningen|9351|53.1625|6.3767
Zuidhorn|Westerkwartier|Groningen|9801|53.2467|6.4028
Delfzijl|Eemsdelta|Groningen|9934|53.3306|6.9181
Appingedam|Eemsdelta|Groningen|9901|53.3217|6.8583
Assen|Assen|Drenthe|9401|52.9925|6.5649
Emmen|Emmen|Drenthe|7811|52.7858|6.8976
Coevorden|Coevorden|Drenthe|7741|52.6610|6.7410
Hoogeveen|Hoogeveen|Drenthe|7901|52.7225|6.4764
Meppel|Meppel|Drenthe|7941|52.6958|6.1944
Gieten|Aa en Hunze|Drenthe|9461|53.0042|6.7625
Borger|Borger-Odoorn|Drenthe|9531|52.9233|6.7933
Zuidwolde|De Wolden|Drenthe|7921|52.6742|6.4292
Roden|Noordenveld|Drenthe|9301|53.1375|6.4264
Diever|Westerveld|Drenthe|7981|52.8550|6.3175
Vries|Tynaarlo|Drenthe|9481|53.0733|6.5767
Beilen|Midden-Drenthe|Drenthe|9411|52.8567|6.5142
Leeuwarden|Leeuwarden|Fryslân|8911|53.2012|5.7999
Drachten|Smallingerland|Fryslân|9203|53.1122|6.0989
Heerenveen|Heerenveen|Fryslân|8441|52.9600|5.9200
Sneek|Súdwest-Fryslân|Fryslân|8601|53.0323|5.6589
Bolsward|Súdwest-Fryslân|Fryslân|8701|53.0653|5.5317
Harlingen|Harlingen|Fryslân|8861|53.1746|5.4252
Dokkum|Noardeast-Fryslân|Fryslân|9101|53.3261|5.9997
Franeker|Waadhoeke|Fryslân|8801|53.1872|5.5403
Joure|De Fryske Marren|Fryslân|8501|52.9656|5.8031
Wolvega|Weststellingwerf|Fryslân|8471|52.8767|6.0017
Gorredijk|Opsterland|Fryslân|8401|53.0058|6.0617
Burgum|Tytsjerksteradiel|Fryslân|9251|53.1925|5.9900
Surhuisterveen|Achtkarspelen|Fryslân|9231|53.1847|6.1703
Oosterwolde|Ooststellingwerf|Fryslân|8431|52.9908|6.2917
Zwolle|Zwolle|Overijssel|8011|52.5168|6.0830
Amersfoort|Amersfoort|Utrecht|3811|52.1561|5.3878
Amsterdam|Amsterdam|Noord-Holland|1012|52.3676|4.9041
Utrecht|Utrecht|Utrecht|3511|52.0907|5.1214
"""


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    municipality: str
    province: str
    district: str
    lat: float
    lng: float


def _read() -> dict[str, Place]:
    places = {}
    for row in _ROWS.strip().splitlines():
        name, municipality, province, district, lat, lng = row.split("|")
        places[name] = Place(name, municipality, province, district, float(lat), float(lng))
    return places


PLACES = _read()
OUTSIDE = ("Zwolle", "Amersfoort", "Amsterdam", "Utrecht")
