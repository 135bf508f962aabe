"""The slips a citizen takes home, as data: a row of blocks each, in one layout language.

Every slip masks what it is told: none holds a full number, name, phone or address, or a PIN.
"""

from regulation.vouchers.batches import batch_voucher, error_list
from regulation.vouchers.numbers import (
    ALPHABET,
    check_character,
    is_voucher_number,
    query_code,
    voucher_number,
)
from regulation.vouchers.queries import doubt, query
from regulation.vouchers.receipts import mending, receipt
from regulation.vouchers.referrals import loss_by_phone, materials, referral
from regulation.vouchers.told import (
    Batch,
    BatchPart,
    Card,
    Errors,
    LossByPhone,
    Origin,
    Person,
    Query,
    Receipt,
    Referral,
    RowError,
)

__all__ = ["ALPHABET", "check_character", "is_voucher_number", "query_code", "voucher_number"]
__all__ += ["Batch", "BatchPart", "Card", "Errors", "LossByPhone", "Origin", "Person", "Query"]
__all__ += ["Receipt", "Referral", "RowError"]
__all__ += ["batch_voucher", "doubt", "error_list", "loss_by_phone", "materials", "mending"]
__all__ += ["query", "receipt", "referral"]
