"""Attendant mode: who may enter, and the work behind its pages (docs/attendant.md)."""
