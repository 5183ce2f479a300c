"""Kinds of benefits. Each is one folder here whose `KIND` answers to `Kind`: a new kind is a new folder."""

from components.memberships.benefits.kinds import all_kinds, kind
from components.memberships.benefits.protocol import Field, Illustration, Kind, SettingRefused, Share

__all__ = ["Field", "Illustration", "Kind", "SettingRefused", "Share", "all_kinds", "kind"]
