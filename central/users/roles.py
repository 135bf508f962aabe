"""What people at the console may be."""

from enum import StrEnum


class Role(StrEnum):
    """A role; somebody may have several. The auditor reads the audit, and never a person's data."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    AUDITOR = "auditor"

    @property
    def zh(self) -> str:
        """How the console names it."""
        return _ZH[self]


_ZH = {
    Role.CLERK: "窗口经办人",
    Role.SUPERVISOR: "业务主管",
    Role.OPERATOR: "系统管理员",
    Role.AUDITOR: "审计员",
}
