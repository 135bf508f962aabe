"""Every module that has tables: a store is made of them all."""

from importlib import import_module

MODULES = (
    "central.applications.one_time",
    "central.applications.records",
    "central.applications.review",
    "central.audit.checkpoints",
    "central.audit.records",
    "central.batches.records",
    "central.cards.records",
    "central.console.approvals",
    "central.console.search",
    "central.custody.records",
    "central.fees.records",
    "central.fleet.asks",
    "central.fleet.certificates",
    "central.fleet.checkpoints",
    "central.fleet.records",
    "central.fleet.sites",
    "central.hsm.loading_records",
    "central.hsm.records",
    "central.issuance.pin_reset_records",
    "central.issuance.records",
    "central.idempotency",
    "central.images.records",
    "central.notices.records",
    "central.people.records",
    "central.phone_uploads.records",
    "central.retention.records",
    "central.trust.records",
    "central.users.records",
)


def load() -> None:
    """Fill `Base.metadata`."""
    for module in MODULES:
        import_module(module)
