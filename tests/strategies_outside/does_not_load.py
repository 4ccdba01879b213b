"""Fails before it can be asked anything."""

from __future__ import annotations

raise ImportError("no module named 'crystal_ball'")
