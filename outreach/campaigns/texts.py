"""The templates a campaign speaks with, by version: a text edited after the launch does not go out unseen."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from outreach import db
from outreach.campaigns.definition import Definition, DefinitionError
from outreach.messages import wording


def versions(definition: Definition) -> dict[str, str]:
    """Template -> its version now. Raises DefinitionError naming a template that is unknown or has no words for a step."""
    found = {}
    for step in definition.steps:
        try:
            template = wording.load(step.template)
        except wording.UnknownTemplateError as error:
            raise DefinitionError(error.message) from None
        if step.channel != "preferred" and step.channel not in template.media():
            raise DefinitionError(f"Template {step.template} has no words for {step.channel}.")
        found[step.template] = template.version
    return found


async def pin(session: AsyncSession, campaign_id: int, pinned: Mapping[str, str]) -> None:
    """Keep template -> version with the campaign's steps."""
    for template, version in pinned.items():
        await session.execute(
            sa.text(
                "update campaign_step set template_version = :version where campaign_id = :id and template = :template"
            ),
            {"id": campaign_id, "template": template, "version": version},
        )


async def changed(session: AsyncSession, campaign_id: int) -> str | None:
    """A template that is no longer the one pinned, if there is one."""
    pinned = await db.rows(
        session, "select template, template_version from campaign_step where campaign_id = :id", id=campaign_id
    )
    return next((p["template"] for p in pinned if wording.load(p["template"]).version != p["template_version"]), None)
