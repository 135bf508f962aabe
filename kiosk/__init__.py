"""The kiosk's mind: visits, services, work, journal, link to the centre, and what wires them."""

VERSION = "0.1.0"
"""Of the program, as in pyproject.toml: told at the start and to the centre."""
