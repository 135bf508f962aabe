"""Opens the vault of a store, unless its key is not the one the images are sealed under."""

from pathlib import Path

from sqlalchemy import select

from central.database import Database, StoreError
from central.images.records import Content
from central.images.vault import Unreadable, Vault, has_image_key, open_vault


def open_vault_of(database: Database, folder: Path) -> Vault:
    """The vault; a new store's key is made. Raises `StoreError` for a key that is lost or wrong."""
    with database.read() as session:
        sealed = session.scalars(select(Content).limit(1)).first()
    if sealed is None:
        return open_vault(folder)
    if has_image_key(folder):
        vault = open_vault(folder)
        try:
            vault.key_of(sealed.id, sealed.wrapped_key)
        except Unreadable:
            pass
        else:
            return vault
    raise StoreError(
        "the image key is not the one this store's images are sealed under: put it back "
        "(image_key in the data folder, or where IMAGE_KEY_FILE or IMAGE_KEY says)"
    )
