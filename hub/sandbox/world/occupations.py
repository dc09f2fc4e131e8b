"""Occupations in Dutch and English with family, level, pay a month and the sectors that hire them."""

from __future__ import annotations

from dataclasses import dataclass

_ROWS = """
nurse|Verpleegkundige|Registered Nurse|care|hbo,mbo4|2900|4400|health
icnurse|IC-verpleegkundige|Intensive Care Nurse|care|hbo|3400|5000|health
physio|Fysiotherapeut|Physiotherapist|care|hbo|2900|4300|health
psychologist|GZ-psycholoog|Health Care Psychologist|care|wo|4200|6100|health
doctor|Basisarts|Resident Physician|care|wo|3900|5200|health
radiographer|Radiodiagnostisch laborant|Diagnostic Radiographer|care|hbo|2900|4300|health
carer|Verzorgende IG|Care Assistant|care|mbo3|2500|3500|health
labanalyst|Laboratoriumanalist|Laboratory Analyst|lab|hbo,mbo4|2700|4000|health,agri,education,water
biostat|Biostatisticus|Biostatistician|lab|wo|3600|5300|health,education,agri
postdoc|Postdoctoraal onderzoeker|Postdoctoral Researcher|research|phd|3800|5400|education,health
phd|Promovendus duurzame energie|PhD Candidate Sustainable Energy|research|wo|2900|3700|education
lecturer|Docent bedrijfskunde|Lecturer Business Administration|teach|wo,hbo|3800|5700|education
itlecturer|Docent informatica|Lecturer Computer Science|teach|wo,hbo|3800|5700|education
studyadviser|Studieadviseur|Study Adviser|teach|hbo|3200|4500|education
policy|Beleidsadviseur duurzaamheid|Policy Adviser Sustainability|policy|hbo,wo|3700|5300|public,water,energy
youthpolicy|Beleidsmedewerker jeugd|Policy Officer Youth|policy|hbo|3300|4700|public
spatial|Planoloog|Spatial Planner|policy|wo,hbo|3600|5200|public,water
permit|Vergunningverlener|Permit Officer|policy|hbo|3300|4800|public,water
lawyer|Juridisch adviseur|Legal Adviser|policy|wo|3700|5500|public,finance,energy,water
cityhall|Medewerker burgerzaken|Civil Affairs Officer|desk|mbo4|2600|3500|public
supervisor|Toezichthouder bouw|Building Inspector|policy|mbo4,hbo|3000|4300|public
comms|Communicatieadviseur|Communications Adviser|desk|hbo|3200|4700|public,education,health,water,energy,agri
hr|HR-adviseur|HR Adviser|desk|hbo|3300|4900|health,education,public,water,energy,logistics,it,agri,engineering,finance
recruiter|Corporate recruiter|Corporate Recruiter|desk|hbo|3000|4400|it,finance,engineering,energy,health
controller|Business controller|Business Controller|finance|hbo,wo|3900|5800|public,health,education,water,energy,finance,agri,logistics
payroll|Salarisadministrateur|Payroll Administrator|finance|mbo4|2700|3800|health,public,education,logistics,agri
accountant|Financieel administrateur|Financial Administrator|finance|mbo4,hbo|2700|3900|agri,engineering,logistics,it,health
riskanalyst|Risicoanalist|Risk Analyst|finance|wo|3700|5500|finance,energy
actuary|Actuarieel specialist|Actuarial Specialist|finance|wo|4200|6400|finance
dataengineer|Data engineer|Data Engineer|it|hbo,wo|3600|5600|it,energy,finance,public,health,agri
datascientist|Datawetenschapper|Data Scientist|it|wo|3800|5900|it,energy,finance,education,agri,health
backend|Backendontwikkelaar|Backend Developer|it|hbo|3300|5300|it,public,finance,energy
frontend|Frontendontwikkelaar|Frontend Developer|it|hbo|3100|5000|it,public,finance
java|Javaontwikkelaar|Java Developer|it|hbo|3400|5500|it,public,finance
cloud|Cloudbeheerder|Cloud Administrator|it|hbo,mbo4|3100|4900|it,health,education,public
security|Adviseur informatiebeveiliging|Information Security Officer|it|hbo,wo|4200|6300|public,health,education,finance,water,it
tester|Softwaretester|Software Tester|it|hbo|3000|4600|it,public,finance
servicedesk|Servicedeskmedewerker ICT|IT Service Desk Employee|it|mbo3,mbo4|2400|3300|it,health,education,public
functional|Functioneel beheerder|Application Manager|it|hbo,mbo4|3100|4600|health,public,education,water,finance
gis|GIS-specialist|GIS Specialist|it|hbo|3200|4800|public,water,energy,engineering
uxdesigner|UX-ontwerper|UX Designer|it|hbo|3100|4900|it,public,finance
electrical|Elektrotechnisch engineer|Electrical Engineer|tech|hbo|3300|5200|energy,engineering,water
mechanical|Werktuigbouwkundig engineer|Mechanical Engineer|tech|hbo,wo|3300|5200|engineering,energy,agri
process|Procestechnoloog|Process Technologist|tech|wo,hbo|3600|5600|agri,energy,water
operator|Procesoperator|Process Operator|tech|mbo3,mbo4|2800|4000|agri,energy,water
mechanic|Onderhoudsmonteur|Maintenance Technician|tech|mbo3|2600|3700|engineering,agri,energy,logistics,water
wind|Windturbinemonteur|Wind Turbine Technician|tech|mbo4|2800|4100|energy
civil|Civieltechnisch projectleider|Civil Engineering Project Manager|tech|hbo|3900|5700|engineering,water,public
hydrologist|Hydroloog|Hydrologist|tech|wo|3700|5400|water,public
ecologist|Ecoloog|Ecologist|tech|wo,hbo|3400|4900|water,public
safety|Veiligheidskundige|Safety Engineer|tech|hbo|3800|5600|energy,engineering,agri,public
planner|Logistiek planner|Logistics Planner|logistics|hbo,mbo4|2800|4000|logistics,agri,engineering
driver|Chauffeur CE|Truck Driver CE|logistics|mbo2|2500|3300|logistics,agri
busdriver|Buschauffeur|Bus Driver|logistics|mbo2|2500|3200|logistics
portagent|Havenmedewerker|Port Operations Officer|logistics|mbo4|2700|3800|logistics
agronomist|Agronoom|Agronomist|agri|wo,hbo|3400|5100|agri
breeder|Plantenveredelaar|Plant Breeder|agri|wo|3600|5300|agri
quality|Kwaliteitsmedewerker voeding|Food Quality Officer|agri|hbo,mbo4|2800|4100|agri
projectlead|Projectleider|Project Manager|policy|hbo,wo|4000|6000|public,water,energy,engineering,health,it,education
secretary|Managementassistent|Management Assistant|desk|mbo4|2600|3600|health,public,education,finance,energy
account|Accountmanager|Account Manager|desk|hbo|3000|4800|it,finance,logistics,agri,engineering
facility|Facilitair medewerker|Facility Assistant|desk|mbo2|2200|2900|health,education,public
cook|Kok|Cook|desk|mbo3|2400|3200|health,logistics
"""


@dataclass(frozen=True, slots=True)
class Occupation:
    key: str
    nl: str
    en: str
    family: str
    education: tuple[str, ...]
    pay_min: int
    pay_max: int
    sectors: tuple[str, ...]

    def title(self, lang: str) -> str:
        return self.nl if lang == "nl" else self.en


def _read() -> tuple[Occupation, ...]:
    occupations = []
    for row in _ROWS.strip().splitlines():
        key, nl, en, family, education, low, high, sectors = row.split("|")
        occupations.append(
            Occupation(key, nl, en, family, tuple(education.split(",")), int(low), int(high), tuple(sectors.split(",")))
        )
    return tuple(occupations)


OCCUPATIONS = _read()
BY_SECTOR: dict[str, tuple[Occupation, ...]] = {
    sector: tuple(occupation for occupation in OCCUPATIONS if sector in occupation.sectors)
    for sector in sorted({sector for occupation in OCCUPATIONS for sector in occupation.sectors})
}
DEPARTMENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "care": (
        ("Cardiologie", "Cardiology"),
        ("Spoedeisende Hulp", "Emergency Department"),
        ("Kindergeneeskunde", "Paediatrics"),
        ("Oncologie", "Oncology"),
        ("Neurologie", "Neurology"),
        ("Revalidatie", "Rehabilitation"),
    ),
    "it": (
        ("Platform", "Platform"),
        ("Integratie", "Integration"),
        ("Datadiensten", "Data Services"),
        ("Digitale Werkplek", "Digital Workplace"),
    ),
    "policy": (
        ("Ruimte", "Spatial Affairs"),
        ("Sociaal Domein", "Social Affairs"),
        ("Energietransitie", "Energy Transition"),
        ("Mobiliteit", "Mobility"),
    ),
    "tech": (
        ("Noord", "North"),
        ("Onderhoud", "Maintenance"),
        ("Nieuwbouw", "New Construction"),
        ("Waterkwaliteit", "Water Quality"),
    ),
}
OTHER_DEPARTMENTS = (
    ("Bedrijfsvoering", "Operations"),
    ("Klantcontact", "Customer Contact"),
    ("Ontwikkeling", "Development"),
    ("Ondersteuning", "Support"),
)
LEVELS = (("Junior", "Junior"), ("Medior", "Medior"), ("Senior", "Senior"))
