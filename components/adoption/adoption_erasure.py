"""What runs told of somebody goes with them; that a row was adopted stays, without saying whose it was."""

from components.foundation import database
from components.people.facts import PersonErased


async def forget_person(fact: PersonErased) -> None:
    await database.execute(_FORGET, fact.person_id, fact.email_digest or "")


_FORGET = """
UPDATE adoption_row SET key = id::text,
  email = '', name = '', facts = '{}', why = '', person = NULL, made_person = false,
  verdict = CASE WHEN outcome = '' THEN 'erased' ELSE verdict END,
  outcome = CASE WHEN outcome IN ('adopting', 'adopted', 'moved', 'until', 'given') THEN 'kept' ELSE outcome END
WHERE person = $1 OR (email <> '' AND encode(sha256(convert_to(email, 'UTF8')), 'hex') = $2)"""
