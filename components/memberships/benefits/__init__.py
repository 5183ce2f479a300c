"""Kinds of benefits. Each is one folder here whose `KIND` answers to `Kind`: a new kind is a new folder."""

from components.memberships.benefits.kinds import all_kinds, kind
from components.memberships.benefits.protocol import BenefitEffects, BenefitField, Illustration, Kind, SettingRefused

__all__ = ["BenefitEffects", "BenefitField", "Illustration", "Kind", "SettingRefused", "all_kinds", "kind"]
