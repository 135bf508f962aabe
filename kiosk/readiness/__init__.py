"""The kiosk proves itself, at start and every morning: docs/readiness.md."""
