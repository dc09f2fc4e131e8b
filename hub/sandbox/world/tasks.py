"""What people do in each family of occupations: parallel Dutch and English lines for the texts of openings."""

from __future__ import annotations

TASKS: dict[str, tuple[tuple[str, str], ...]] = {
    "care": (
        (
            "Je verleent zorg aan patiënten met uiteenlopende en soms complexe aandoeningen.",
            "You care for patients with a wide range of sometimes complex conditions.",
        ),
        (
            "Je stelt samen met het multidisciplinaire team het behandelplan op en bewaakt het.",
            "Together with the multidisciplinary team you draw up the treatment plan and monitor it.",
        ),
        (
            "Je begeleidt familieleden en legt behandelingen in begrijpelijke taal uit.",
            "You support relatives and explain treatments in plain language.",
        ),
        (
            "Je begeleidt stagiairs en collega’s in opleiding op de werkvloer.",
            "You coach students and colleagues in training on the ward.",
        ),
        (
            "Je werkt in wisselende diensten, ook in het weekend en op feestdagen.",
            "You work in changing shifts, including weekends and public holidays.",
        ),
        (
            "Je rapporteert zorgvuldig in het elektronisch patiëntendossier.",
            "You report carefully in the electronic patient record.",
        ),
    ),
    "lab": (
        (
            "Je voert analyses uit met onder andere HPLC, PCR en massaspectrometrie.",
            "You run analyses with HPLC, PCR and mass spectrometry among others.",
        ),
        (
            "Je valideert nieuwe methoden en legt de resultaten vast volgens ISO 17025.",
            "You validate new methods and record the results according to ISO 17025.",
        ),
        (
            "Je verwerkt meetgegevens in R en presenteert ze aan onderzoekers.",
            "You process measurements in R and present them to researchers.",
        ),
        (
            "Je beheert monsters, reagentia en apparatuur van het laboratorium.",
            "You manage samples, reagents and equipment of the laboratory.",
        ),
        (
            "Je signaleert afwijkingen en zoekt de oorzaak tot op de bodem uit.",
            "You notice deviations and get to the bottom of their cause.",
        ),
    ),
    "research": (
        (
            "Je ontwerpt en doet experimenten en schrijft erover in internationale tijdschriften.",
            "You design and run experiments and write about them in international journals.",
        ),
        (
            "Je werkt samen met onderzoeksgroepen in Duitsland, Denemarken en Noorwegen.",
            "You work together with research groups in Germany, Denmark and Norway.",
        ),
        (
            "Je begeleidt bachelor- en masterstudenten bij hun scriptie.",
            "You supervise bachelor and master students with their theses.",
        ),
        (
            "Je draagt bij aan aanvragen voor nationale en Europese subsidies.",
            "You contribute to applications for national and European grants.",
        ),
        (
            "Je presenteert je werk op congressen en aan bedrijven in de regio.",
            "You present your work at conferences and to companies in the region.",
        ),
    ),
    "teach": (
        (
            "Je verzorgt colleges en werkgroepen en begeleidt projecten met het werkveld.",
            "You give lectures and tutorials and supervise projects with companies.",
        ),
        (
            "Je ontwikkelt samen met collega’s nieuw onderwijs en toetst het.",
            "You develop new courses with colleagues and assess them.",
        ),
        ("Je bent mentor van een groep eerstejaarsstudenten.", "You are the mentor of a group of first-year students."),
        (
            "Je onderhoudt contact met stagebedrijven en afstudeerbegeleiders.",
            "You keep in touch with internship companies and thesis supervisors.",
        ),
        (
            "Je neemt deel aan praktijkgericht onderzoek van het lectoraat.",
            "You take part in applied research of the professorship.",
        ),
    ),
    "policy": (
        (
            "Je vertaalt landelijke wetgeving naar beleid waar inwoners iets aan hebben.",
            "You turn national legislation into policy that serves residents.",
        ),
        (
            "Je adviseert het bestuur mondeling en schriftelijk over lastige dossiers.",
            "You advise the board on difficult files, in person and in writing.",
        ),
        (
            "Je organiseert gesprekken met inwoners, ondernemers en partners in de keten.",
            "You organise talks with residents, entrepreneurs and partners.",
        ),
        (
            "Je bewaakt planning, budget en kwaliteit van jouw projecten.",
            "You guard planning, budget and quality of your projects.",
        ),
        (
            "Je beoordeelt aanvragen en toetst ze aan de Omgevingswet.",
            "You assess applications against the Environment and Planning Act.",
        ),
        (
            "Je volgt ontwikkelingen in het aardbevingsgebied en langs de Waddenkust.",
            "You follow developments in the earthquake area and along the Wadden coast.",
        ),
    ),
    "desk": (
        (
            "Je bent het eerste aanspreekpunt voor collega’s en bezoekers.",
            "You are the first point of contact for colleagues and visitors.",
        ),
        (
            "Je plant afspraken, bereidt overleggen voor en maakt verslagen.",
            "You plan appointments, prepare meetings and write reports.",
        ),
        ("Je verbetert werkprocessen en legt ze helder vast.", "You improve work processes and document them clearly."),
        ("Je schrijft teksten voor intranet, nieuwsbrief en website.", "You write texts for intranet, newsletter and website."),
        (
            "Je adviseert leidinggevenden over verzuim, ontwikkeling en instroom.",
            "You advise managers on absence, development and recruitment.",
        ),
    ),
    "finance": (
        (
            "Je stelt maandrapportages, prognoses en de jaarrekening op.",
            "You prepare monthly reports, forecasts and the annual accounts.",
        ),
        (
            "Je analyseert afwijkingen en bespreekt ze met budgethouders.",
            "You analyse deviations and discuss them with budget holders.",
        ),
        (
            "Je bewaakt de interne beheersing en begeleidt de accountantscontrole.",
            "You guard internal control and guide the audit.",
        ),
        (
            "Je bouwt modellen in Excel en Power BI die anderen graag gebruiken.",
            "You build models in Excel and Power BI that others like to use.",
        ),
        (
            "Je zorgt dat boekingen en betalingen op tijd en juist zijn.",
            "You make sure that bookings and payments are right and on time.",
        ),
    ),
    "it": (
        (
            "Je ontwerpt en bouwt diensten in Python, Java of Kotlin op een Kubernetesplatform.",
            "You design and build services in Python, Java or Kotlin on a Kubernetes platform.",
        ),
        (
            "Je schrijft tests, doet codereviews en zet wijzigingen dagelijks in productie.",
            "You write tests, review code and deploy changes to production daily.",
        ),
        (
            "Je koppelt systemen via Kafka, REST en berichten volgens open standaarden.",
            "You connect systems through Kafka, REST and messages in open standards.",
        ),
        (
            "Je denkt mee over architectuur, beveiliging en beheerbaarheid.",
            "You think along about architecture, security and maintainability.",
        ),
        (
            "Je helpt gebruikers en vertaalt hun vragen naar werkende oplossingen.",
            "You help users and turn their questions into working solutions.",
        ),
        ("Je bouwt datastromen met PostgreSQL, dbt en Spark.", "You build data flows with PostgreSQL, dbt and Spark."),
    ),
    "tech": (
        (
            "Je ontwerpt en berekent installaties en begeleidt de bouw ervan.",
            "You design and calculate installations and guide their construction.",
        ),
        (
            "Je voert inspecties, onderhoud en storingsanalyses uit.",
            "You carry out inspections, maintenance and failure analysis.",
        ),
        ("Je werkt veilig volgens VCA en spreekt anderen daarop aan.", "You work safely according to VCA and hold others to it."),
        (
            "Je tekent in AutoCAD of Revit en beheert de technische dossiers.",
            "You draw in AutoCAD or Revit and keep the technical files.",
        ),
        (
            "Je stemt af met aannemers, leveranciers en vergunningverleners.",
            "You coordinate with contractors, suppliers and permit officers.",
        ),
        (
            "Je rekent scenario’s door voor droogte, wateroverlast en verzilting.",
            "You calculate scenarios for drought, flooding and salinisation.",
        ),
    ),
    "logistics": (
        (
            "Je plant ritten en ladingen en stuurt bij als het verkeer tegenzit.",
            "You plan trips and loads and adjust when traffic is against you.",
        ),
        (
            "Je zorgt dat zendingen compleet, op tijd en met de juiste papieren vertrekken.",
            "You make sure that shipments leave complete, on time and with the right papers.",
        ),
        (
            "Je onderhoudt contact met chauffeurs, terminals en klanten.",
            "You stay in touch with drivers, terminals and customers.",
        ),
        (
            "Je houdt rij- en rusttijden en de veiligheidsregels in de gaten.",
            "You keep an eye on driving hours and safety rules.",
        ),
        (
            "Je verbetert met het team de bezettingsgraad en de uitstoot per rit.",
            "With the team you improve load factors and emissions per trip.",
        ),
    ),
    "agri": (
        (
            "Je begeleidt proefvelden en beoordeelt gewassen door het hele seizoen.",
            "You run trial fields and assess crops throughout the season.",
        ),
        (
            "Je adviseert telers over bodem, bemesting en gewasbescherming.",
            "You advise growers on soil, fertilisation and crop protection.",
        ),
        (
            "Je bewaakt de kwaliteit van grondstof tot eindproduct volgens HACCP en BRC.",
            "You guard quality from raw material to end product following HACCP and BRC.",
        ),
        (
            "Je analyseert proefresultaten en deelt ze met veredelaars en klanten.",
            "You analyse trial results and share them with breeders and customers.",
        ),
        (
            "Je denkt mee over eiwittransitie en kringlooplandbouw in het Noorden.",
            "You think along about the protein transition and circular farming in the North.",
        ),
    ),
}
