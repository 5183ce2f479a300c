"""Kinds of benefits. Each is one folder here whose `KIND` answers to `Kind`: a new kind is a new folder."""

from components.memberships.benefits.kinds import all_kinds, kind
from components.memberships.benefits.protocol import BenefitField, Illustration, Kind, SettingRefused

__all__ = ["BenefitField", "Illustration", "Kind", "SettingRefused", "all_kinds", "kind"]
