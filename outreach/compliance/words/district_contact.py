"""ST-DC-04: to residents of the District every demand says who asks, and by telephone, mail and email how to reach them."""

import re

from outreach.compliance.decision import Finding, deny
from outreach.compliance.script import MONEY, Script, phrases
from outreach.compliance.words import words

#: A telephone number, a mailbox.
NUMBER = re.compile(r"(?<![\w$])\+?\(?\d[\d ().-]{8,}\d")
MAILBOX = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")


@words("ST-DC-04", "D.C. Code 28-3814(f)(4)", spares=("opt_out_confirmation",))
def district_contact(script: Script) -> Finding | None:
    if "DC" not in script.states or not script.words.about_account or not script.bound or script.words.crisis:
        return None
    if not (MONEY.search(script.own) or phrases("asks_payment").search(script.own)):
        return None
    wanted = (NUMBER, MAILBOX, phrases("an_address"))
    if all(each.search(part) for part in script.parts for each in wanted):
        return None
    return deny("It asks for money and leaves out our telephone number, mailbox or postal address.", "text")
