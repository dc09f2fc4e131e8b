"""Hosts that belong to no single employer, and the registrable part of a host.

Job boards, applicant tracking systems, free mail and building sites host many employers; a name shared by many proves
nothing, so such a host is never an employer's domain and never one side's own site.
"""

from __future__ import annotations

import re
from functools import lru_cache

_JOB_BOARDS = """
indeed.com indeed.nl linkedin.com glassdoor.com glassdoor.nl monsterboard.nl monster.com stepstone.nl stepstone.de
nationalevacaturebank.nl intermediair.nl jobbird.com jobbird.nl jooble.org adzuna.nl adzuna.com talent.com careerjet.nl
jobrapido.com neuvoo.nl trovit.nl werkzoeken.nl vacaturekrant.nl jobnet.nl joblift.nl jobted.nl drukwerkvacatures.nl
werk.nl uwv.nl eures.europa.eu werkenbijdeoverheid.nl werkenvoornederland.nl rijksoverheid.nl overheid.nl
werkeningroningen.nl werkeninfriesland.nl werkenindrenthe.nl werkeninhetnoorden.nl werkenindeoverheid.nl
gemeentebanen.nl ambtenaar.nl publiekepartner.nl binnenlandsbestuur.nl overheidinnederland.nl noordelijkebanen.nl
noordbaan.nl noorderlink.nl makeitinthenorth.nl vonk.nl traineelink.nl nobco.nl banenrijknoord.nl fryslanbaan.nl
academictransfer.com euraxess.ec.europa.eu euraxess.nl jobs.ac.uk researchgate.net nature.com science.org
medischebanenbank.nl zorgbanen.nl zorgselect.nl zorgpleinnoord.nl venturaplus.nl werkenindezorg.nl nursing.nl
meesterbaan.nl onderwijsvacaturebank.nl wvoi.nl werkeninhetonderwijs.nl vacatureskinderopvang.nl
technicus.nl technischebanen.nl engineeringnet.nl techniekwerkt.nl offshoreenergytoday.com agri-vacatures.nl agriholland.nl
horecabaas.nl horecavacatures.nl culturelevacatures.nl hospitalityjobs.nl logistiekbanen.nl
studentjob.nl student.nl magnet.me stagemarkt.nl stageplaza.nl stagemotor.nl integrand.nl erasmusintern.org graduateland.com
iamexpat.nl expatica.com togetherabroad.nl undutchables.nl relocate.me englishjobsearch.nl
freelance.nl planet.nl hoofdkraan.nl striive.com jellow.nl tenderned.nl inhuurdesk.nl
wellfound.com angel.co weworkremotely.com remoteok.com honeypot.io stackoverflow.com github.com
eventbrite.com eventbrite.nl meetup.com facebook.com instagram.com twitter.com x.com youtube.com tiktok.com marktplaats.nl
google.com bit.ly tinyurl.com linktr.ee forms.gle typeform.com surveymonkey.com jotform.com office.com sharepoint.com
"""
JOB_BOARDS = frozenset(_JOB_BOARDS.split())
"""Registrable domains of boards, aggregators, networks and form builders."""

_ATS_HOSTS = """
recruitee.com greenhouse.io lever.co homerun.co homerun.team myworkdayjobs.com workday.com smartrecruiters.com personio.com
personio.de personio.nl workable.com teamtailor.com ashbyhq.com afas.online afasinsite.nl afas.nl hr-connect.nl ubeeo.nl
ubeeo.com emply.com emply.net easycruit.com successfactors.com successfactors.eu sapsf.com sapsf.eu icims.com jobvite.com
breezy.hr bamboohr.com join.com softgarden.io softgarden.de talentsoft.com csod.com cornerstoneondemand.com connexys.nl
connexys.com carerix.com carerix.io carerix.net otys.nl otys.com recruitnow.nl recruitnowcockpit.nl jobylon.com jobtoolz.com
afasonline.nl afasonline.com afasoutsite.nl talent-soft.com cegid.com pinpointhq.com recruit-now.nl
varbi.com jobteaser.com taleo.net oraclecloud.com avature.net eightfold.ai phenompeople.com pageuppeople.com jazzhr.com
applytojob.com recruiterbox.com freshteam.com zohorecruit.com zohorecruit.eu hirehive.com comeet.co comeet.com rippling.com
onlyfy.jobs prescreen.io umantis.com tangram.nl tripleaim.nl werkenbij.app cockpit.work peoplexs.com peoplexs.nl youforce.nl
youforce.com raet.com visma.com vismaspcs.no mysolution.nl nmbrs.nl workspot.nl talentlink.com lumesse.com sollicitatie.site
"""
ATS_HOSTS = frozenset(_ATS_HOSTS.split())
"""Registrable domains of applicant tracking systems: their tenant is an employer, they are not."""

_SHARED_HOSTS = """
gmail.com googlemail.com outlook.com outlook.nl hotmail.com hotmail.nl live.nl live.com msn.com yahoo.com yahoo.nl icloud.com
me.com proton.me protonmail.com gmx.net gmx.nl aol.com kpnmail.nl ziggo.nl home.nl xs4all.nl planet.nl hetnet.nl upcmail.nl
casema.nl chello.nl telfort.nl tele2.nl online.nl kpnplanet.nl zonnet.nl solcon.nl wordpress.com wixsite.com weebly.com
jimdo.com jimdosite.com webnode.nl squarespace.com github.io gitlab.io netlify.app vercel.app herokuapp.com azurewebsites.net
blogspot.com business.site site123.me notion.site
"""
SHARED_HOSTS = frozenset(_SHARED_HOSTS.split())
"""Free mail and building sites."""

_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "gv", "or"})
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^@/?#]*@)?(?P<host>[^/:?#]+)", re.I)
_NAME = re.compile(r"^(?:[0-9a-z_](?:[0-9a-z_-]*[0-9a-z])?\.)+[a-z][0-9a-z-]+$")


@lru_cache(maxsize=16_384)
def registrable(address: str) -> str | None:
    """`https://werkenbij.umcg.nl/x`, `hr@umcg.nl` → `umcg.nl`; None where there is no host name with a dot."""
    found = _HOST.match(address.strip().removeprefix("mailto:"))
    host = found["host"].casefold().rstrip(".") if found else ""
    if not _NAME.match(host):
        return None
    labels = host.split(".")
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-keep:])


def is_shared(domain: str) -> bool:
    """Whether a registrable domain serves many employers."""
    return domain in JOB_BOARDS or domain in ATS_HOSTS or domain in SHARED_HOSTS
