"""What ads say of Dutch, in both languages: demands, wishes, negations, and what only looks like one of them."""

from __future__ import annotations

import re

CLAUSE = re.compile(r"[,;:]?\s+(?:maar|but|however|echter|though|whereas|terwijl|although|hoewel|daarnaast|daarentegen)\b[,]?\s*")
_OTHER = (
    r"\b(?:engels|english|duits|german\b|frie[sz]|frys|frisian|frans|french|gronings|spaans|spanish|pools|polish|arabisch|arabic"
    r"|ervaring|experience|rijbewijs|driving|licen[cs]e|diploma|degree|opleiding|bevoegd|certifica|vog\b|cv\b)"
)
"""What else a demand may be about: a negation or a `plus` beyond it is not of Dutch."""
_NL = (
    r"(?:nederlands(?!e\b)(?:talig)?\w{0,2}(?! (?:rijbewijs|diploma|bedrijf|paspoort|bsn|recht|adres|product|team|onderwijs)\b)"
    r"|nederlandse(?= taal| spraak|[ /]+(?:en |of )?(?:de )?(?:engelse|duitse)\b)(?: taal\w*)?)"
)
_DUTCH = (
    r"\bdutch\b(?! (?:(?:labou?r|tax|energy|housing|building|health|food|job|financial|public|legal) )?(?:law"
    r"|legislation|regulations?|driv\w+|licen[cs]e|market|citizen\w*|national\w*|passport|compan(?:y|ies)|clients?|degree|diploma|bachelor\w*|master'?s?\b"
    r"|gaap|culture|society|system|sector|government|residen\w+|address|bank|bsn|universit\w+))"
)
"""The language; as an adjective of something else it asks for no language."""
_NEAR = rf"(?:(?!{_OTHER}|\bvereist\b|\brequired\b|\bverplicht\b)[^.;!?,]){{0,50}}?"
_NEED_NL = (
    r"(?:vereis\w*|verplicht\w*|nodig|noodzaak|noodzakelijk\w*|must|eis\b|voorwaarde|required|belangrijk|hoeft"
    r"|per se|een probleem)"
)
_NEED_EN = (
    r"(?:require\w*|requirement|necessary|needed|mandatory|a must\b|must\b|essential|prerequisite|compulsory|obligatory"
    r"|need\b|expected"
    r"|a problem|important|necessity|condition)"
)
_AFTER_DUTCH = (
    r"(?=\s*(?:$|[.,;:!?()\[\]/&+-]|language|and\b|or\b|is\b|are\b|at\b|in\b|on\b|both|skills?|proficien|speak|level|as\b"
    r"|well\b|to\b|fluent"
    r"|from\b|with\b(?: clients| customers| patients| colleagues)|orally|writ|[abc][12]\b|\(|a\b|knowledge|would|will"
    r"|required|preferred|native"
    r"|comprehension|fluency|communication|for\b|very|sufficient|than\b))"
)

NOT = (
    re.compile(rf"{_NL}{_NEAR}\b(?:niet|geen|niks)\b[^.;!?,]{{0,28}}?{_NEED_NL}"),
    re.compile(rf"{_NL}(?: spreken| beheersen| kunnen)? (?:hoeft|hoef je) (?:\w+ )?niet"),
    re.compile(
        rf"\b(?:geen|zonder)\b (?:\w+ ){{0,2}}?(?:kennis (?:van )?(?:het |de )?|beheersing (?:van )?(?:het |de )?)?"
        rf"{_NL}(?! (?:bedrijf|markt|organisatie|paspoort|nationaliteit|identiteit|rijbewijs|werkgever))"
    ),
    re.compile(rf"\b(?:hoef\w*|niet nodig|niet vereist|niet verplicht|niet noodzakelijk|niet per se)\b{_NEAR}{_NL}"),
    re.compile(r"\bniet[- ]nederlands(?:talig|sprekend)"),
    re.compile(rf"{_DUTCH}{_NEAR}(?:\bnot\b|n't\b|\bno\b|\bnever\b)[^.;!?,]{{0,28}}?{_NEED_EN}"),
    re.compile(
        r"\bno (?:knowledge of |command of |need (?:for|to speak|to know|of) |prior |requirement (?:for"
        r"|to speak) )*(?:the )?dutch\b"
        r"(?! (?:citizenship|nationality|passport|driving|company))"
    ),
    re.compile(
        rf"(?:\bnot\b|n't\b|\bneedn't\b|\bwithout\b|\bno need\b)"
        rf"(?:(?!\bonly\b|\bif\b|\bas long as\b|\bprovided\b|{_OTHER})[^.;!?,]){{0,40}}?"
        rf"(?:speak\w*|know\w*|need\w*|master\w*|fluen\w+|proficien\w+|require\w*|command of|any|speaking)"
        rf"[^.;!?,]{{0,18}}?{_DUTCH}"
    ),
    re.compile(r"\bwithout (?:any |speaking |knowing |knowledge of )*dutch\b"),
    re.compile(r"\bnon[- ]dutch(?:[- ]speak\w+)?\b"),
    re.compile(r"\bdutch(?: language)?(?: skills| proficiency)?(?: is| are)?:? (?:optional|unnecessary|not? needed)"),
    re.compile(r"\bdutch(?: language)?(?: skills)?\s*[:?-]\s*(?:no\b|not\b|none)"),
    re.compile(rf"{_NL}\s*[:?-]\s*(?:nee\b|niet\b|geen\b)"),
)
EITHER = re.compile(
    r"\bnederlands\w*(?: taal)?\s*(?:/|en/of|of)\s*(?:het |de )?engels"
    r"|\bengels\w*(?: taal)?\s*(?:/|en/of|of)\s*(?:het |de )?nederlands"
    r"|\bdutch\s*(?:/|and/or|or)\s*english\b|\benglish\s*(?:/|and/or|or)\s*dutch\b"
    r"|\b(?:english, dutch|dutch, english),? or\b|\b(?:engels, nederlands|nederlands, engels),? of\b"
)
MASTERED = re.compile(
    r"\b(?:spreek|sprek|beheers|vloeiend|vaardig|taal|talen|goede?\b|niveau|machtig|communiceer"
    r"|fluen|speak|command|proficien|good\b|strong\b|excellent|level|languages?\b|able to|master|[abc][12]\b|required|vereist)"
)
OF_SOMETHING_ELSE = re.compile(
    r"\b(?:sollicit|reageer|reageren|stuur|mail|brief|motivatie|cv\b|vragen|tekst|vacature|vertaal|vertal|les\b|lessen|geschreven|beschikbaar"
    r"|apply|applic|send|letter|resume|questions|text|vacancy|advert|translat|available|bachelor|diploma|degree|docent|leraar|lerares"
    r"|leerkracht|teach|lecturer|cursus|course)"
)
"""Where the languages are those of a letter, a text or a lesson."""
OTHERS = re.compile(
    r"\b(?:leerling|student|cursist|cli[eë]nt|klant|pati[eë]nt|nieuwkomer|statushouder|vluchteling|inburgeraar|anderstalige|kinderen|ouders"
    r"|bewoner|inwoner|gezin|deelnemer|mensen|newcomer|refugee|client|patient|customer|pupil|learner|child|parent|resident|people|famil)"
    r"\w*\b[^.;!?]*$"
)
"""Somebody other than the applicant, of whom a clause goes on to speak."""
INVITED = re.compile(r"\b(?:welkom|welcome|apply|solliciteren)\b")
PERFECT = re.compile(r"\b(?:perfect|moedertaal|native|foutloos|vlekkeloos|flawless|mother tongue)")
"""That Dutch need not be perfect does not say that none is needed."""
PREFERRED = (
    re.compile(
        rf"{_NL}{_NEAR}\b(?:pré|pre|plus|pluspunt|pluspunten|voordeel|mooi meegenomen|wenselijk|gewenst|welkom|voorkeur|bonus)\b"
    ),
    re.compile(rf"\b(?:bij voorkeur|liefst|voorkeur\w*|pré:?|pluspunt:?)\b[^.;!?,]{{0,30}}?{_NL}"),
    re.compile(
        rf"{_DUTCH}(?:(?!{_OTHER}|\brequired\b|\bmust\b)[^.;!?,]){{0,45}}?\b(?:a plus|plus\b|an asset|asset\b|advantage\w*"
        r"|bonus|nice to have|nice-to-have"
        r"|preferred|preferable|optional|beneficial|desirable|desired|helpful|appreciated|pre\b|pré|welcome|merit)"
    ),
    re.compile(
        rf"\b(?:preferabl[ey]|ideally|nice to have:?|bonus:?|a plus:?|preference for|pluses?:?)\b[^.;!?,]{{0,30}}?{_DUTCH}"
    ),
    re.compile(
        r"\b(?:willing\w*|eager\w*|motivat\w+|prepared|ready|open|want|keen|happy|commit\w+|intend\w*"
        r"|wish\w*)\b[^.;!?]{0,30}\b(?:learn\w*|study\w*)[^.;!?]{0,25}\bdutch\b"
    ),
    re.compile(
        rf"\b(?:bereid\w*|gemotiveerd|wil\w*|graag|openstaan|open staan)\b[^.;!?]{{0,30}}?{_NL}[^.;!?]{{0,15}}\b(?:te )?leren\b"
    ),
    re.compile(rf"\b(?:bereid\w*|gemotiveerd|wil)\b[^.;!?]{{0,15}}?\b(?:te )?leren\b[^.;!?]{{0,10}}{_NL}"),
)
ENGLISH_SUFFICES = (
    re.compile(r"\bengels\w*(?: taal)?[^.;!?,]{0,25}?\b(?:volstaat|voldoende|genoeg|is prima|is oké|is ok)\b"),
    re.compile(r"\benglish[^.;!?,]{0,20}?\b(?:suffices|is sufficient|is enough|will do|only)\b|\bonly english\b"),
    re.compile(r"\b(?:voertaal|werktaal)\b[^.;!?]{0,40}?\bis\b(?: het)? engels|\bengels\w* (?:als|is de) (?:voertaal|werktaal)"),
    re.compile(
        r"\b(?:working|office|company|main|team|corporate|business) language[^.;!?]{0,30}?\bis\b(?: \w+)? english"
        r"|\benglish (?:is|as) (?:the|our) [a-z ]{0,15}language"
    ),
)
YES = (
    re.compile(
        r"\b(?:beheers\w*|kennis|vaardig\w*|spreek\w*|spreken|sprekend\w*|schrijf\w*|schrijven|machtig|communic\w*"
        r"|vloeiend\w*|uitstekend\w*|goede?|perfect"
        r"|prima|taalvaardig\w*|taalniveau|niveau|voertaal|werktaal|formuleer\w*|uitdruk\w*|verstaanbaar|begrijp\w*|lezen"
        r"|leest|voldoende|minimaal"
        r"|mondeling\w*|schriftelijk\w*|taaleis|talen|je|uitmuntend\w*|sterk\w*|redelijk\w*)\b[^.;!?]{0,45}?"
        r"\b(?:nederlands(?=\s*(?:$|[.,;:()/&+-]|en\b|in\b|op\b|is\b|als\b|spre|schrij|belangrijk|beheers|[abc][12]\b"
        r"|vloeiend|zowel|goed|machtig|te\b|nodig"
        r"|vereist|niveau|kunt|kan\b|voor\b|met\b|minimaal|noodzakelijk|daarnaast|verplicht|voldoende|wel\b))"
        r"|nederlandse (?:en (?:de )?engelse )?taal(?! en cultuur|kunde| aan)|nederlandse (?:taalvaardigheid|spraak))"
    ),
    re.compile(
        r"\bnederlandse (?:en (?:de )?engelse )?taal(?:vaardigheid|beheersing)?\b[^.;!?]{0,30}\b(?:woord|geschrift|machtig"
        r"|beheers\w*|vereist|verplicht|noodzakelijk|niveau|nodig|must|[234]f)\b"
    ),
    re.compile(
        rf"{_NL}\b[^.;!?,]{{0,25}}?\b(?:is|zijn) (?:een )?(?:\w+ )?(?:vereist\w*|verplicht|noodzakelijk"
        r"|nodig|must|eis|voorwaarde|belangrijk|essentieel)"
    ),
    re.compile(
        r"\bnederlands\b\s*(?:(?:en (?:het )?engels )?in woord"
        r"|[:(-]?\s*(?:vloeiend|moedertaal|goed|uitstekend|[abc][12]|ja\b|vereist|verplicht)"
        r"|\(?(?:minimaal )?(?:niveau )?[abc][12]\b|op (?:minimaal )?[abc][12])"
    ),
    re.compile(r"\b(?:niet|geen)\b[^.;!?]*,\s*(?:\w+ )?nederlands(?:e taal)? wel\b"),
    re.compile(
        rf"(?<!not )(?<!n't )(?<!no )\b(?:needs?|requires?) (?:to (?:speak|know|understand) )?(?:\w+ )?dutch\b{_AFTER_DUTCH}"
    ),
    re.compile(r"\bnederlandstalig\w*\b(?! (?:bedrijf|klant|markt))|\bnederlandssprekend\w*|\bnederlands sprekend\w*"),
    re.compile(
        rf"\b(?:fluen\w+|proficien\w+|command|knowledge|speak\w*|native|excellent|good|strong|written|verbal|spoken|oral"
        rf"|master\w*|communicat\w*|bilingual"
        rf"|language requirement\w*|level|minimum|conversational|languages?|write|read|understand\w*|[abc][12]|advanced"
        rf"|basic|working|professional)\b"
        rf"[^.;!?]{{0,45}}?\bdutch\b{_AFTER_DUTCH}"
    ),
    re.compile(
        rf"{_DUTCH}(?: language)?(?: skills| proficiency| fluency)?[^.;!?,]{{0,25}}?\b(?:is|are"
        rf"|as)\b (?:an? )?(?:\w+ )?{_NEED_EN}"
    ),
    re.compile(
        r"\bdutch(?: language)?[ -](?:skills|proficiency|fluency|speaker|speaking|native|required|\(?(?:[abc][12]|native"
        r"|fluent|required))"
    ),
    re.compile(
        r"\b[abc][12](?:[- ]level)?(?: or higher)?(?: in| of)? dutch\b|\bdutch\s*[:(]\s*(?:[abc][12]|native|fluent|yes|required)"
    ),
)
REFUSED = re.compile(
    r"\b(?:helaas|unfortunately|cannot|can't|can not|kunnen wij|kunnen we|niet in behandeling|not be considered"
    r"|not eligible|afgewezen|rejected|regret)\b"
)
ASKED = re.compile(
    r"\W*(?:spreek|beheers|kun|geen nederlands|no dutch|do you not|don't you|you don't|not )(?!.*(?:nodig|vereis|need|requir))"
)
"""A question, whose mark the reading took off: whether one has no Dutch. The sentence after it says what then."""
ANSWERED_NO = re.compile(
    r"\W*(?=(?:dan|then|in that case|helaas|unfortunately|sorry)\b)"
    r".*\b(?:niet|geen|not|n't|cannot|helaas|unfortunately)\b(?!.*\b(?:probleem|problem|erg)\b)"
)
TEACHES = re.compile(
    r"\b(?:docent\w*|leraar|lerares|leerkracht|teacher|lecturer|lessen?|cursus\w*|courses?|classes|lessons|training"
    r"|taalles\w*|leren|learn)\b"
)
LEVEL = re.compile(r"\b([abc][12])\b")
ENGLISH_REQUIRED = re.compile(
    r"\b(?:beheers\w*|kennis|vloeiend\w*|uitstekend\w*|goede?|spreek\w*|communiceer\w*)\b[^.;!?]{0,40}?\bengels(?:e taal)?\b"
    r"|\b(?:fluen\w+|proficien\w+|command|excellent|good|strong|speak\w*)\b[^.;!?]{0,40}?\benglish\b"
)
ENGLISH_OPTIONAL = re.compile(
    r"\b(?:english|engels\w*)\b[^.;!?]{0,30}\b(?:plus|pré|pre|asset|advantage|not|niet|geen|optional|volstaat|voldoende"
    r"|of nederlands|or dutch)\b|\b(?:dutch|nederlands) (?:or|of|/)"
)
