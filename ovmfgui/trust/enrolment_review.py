"""What enrolling a profile changes, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.nvram.reading import read_store
from ovmfgui.trust.databases import NAMES, database
from ovmfgui.trust.enrolment import enrol, of_profile
from ovmfgui.trust.overview import overview
from ovmfgui.trust.pcr7 import pcr7_between
from ovmfgui.trust.room import room_for_dbx

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.nvram.store import Store
    from ovmfgui.trust.overview import Overview
    from ovmfgui.trust.pcr7 import Pcr7Change
    from ovmfgui.trust.profiles import Profile


@dataclass(frozen=True, slots=True)
class KeyChange:
    """What becomes of one variable.

    Attributes:
        name: of the variable.
        added: subjects of the certificates that come.
        kept: subjects of those of the profile that are there already.
        stays: whether it is left alone though the profile has something for it: the PK of an owner.
        before: bytes of its value, 0 where there is none.
        after: the same once it is done.
    """

    name: str
    added: tuple[str, ...]
    kept: tuple[str, ...]
    stays: bool
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class EnrolmentReview:
    """All that a profile does to a store.

    Attributes:
        edit: that does it.
        changes: by variable, in the order of the chain.
        before: the store's Secure Boot as it is.
        after: as it will be.
        pcr7: what becomes of that register of a TPM; None where it stays.
    """

    edit: Edit
    changes: tuple[KeyChange, ...]
    before: Overview
    after: Overview
    pcr7: Pcr7Change | None

    @property
    def nothing(self) -> bool:
        """Whether all of it is there."""
        return not self.edit.writes

    @property
    def leaves_setup_mode(self) -> bool:
        """Whether what is started will be checked from then on."""
        return self.before.mode == "setup" and self.after.mode != "setup"


def review_profile(
    store: Store,
    data: bytes,
    profile: Profile,
    today: date,
    *,
    limits: Limits | None = None,
    compact: bool = False,
) -> EnrolmentReview:
    """What enrolling a profile would do.

    Args:
        store: as it is read.
        data: of its file.
        profile: what is to be enrolled.
        today: what validity is held against.
        limits: of the CODE that uses the store.
        compact: compact the store where a variable finds no room.

    Raises:
        Refused: firmware would not take it, or there is no room.
    """
    edit = enrol(data, of_profile(profile, store), limits=limits, compact=compact)
    later = read_store(edit.after)
    before, after = _seen(store, limits, today), _seen(later, limits, today)
    changes = tuple(
        _change(name, files, before, after)
        for name, files in (("PK", profile.PK), ("KEK", profile.KEK), ("db", profile.db))
        if files
    )
    return EnrolmentReview(edit, changes, before, after, pcr7_between(store, later))


def _seen(store: Store, limits: Limits | None, today: date) -> Overview:
    return overview(
        _variables(store),
        authenticated=store.authenticated,
        room=room_for_dbx(store, limits),
        today=today,
    )


def _variables(store: Store) -> Mapping[tuple[UUID, str], bytes]:
    return {record.key: record.data for record in store.live}


def _change(name: str, files: tuple[str, ...], before: Overview, after: Overview) -> KeyChange:
    old, new = database(before.variables, name), database(after.variables, name)
    had = () if old is None else tuple(each.der for each in old.certificates)
    has = () if new is None else new.certificates
    added = tuple(each.subject for each in has if each.der not in had)
    wanted = set(files)
    kept = tuple(
        each.subject
        for each in has
        if each.der in had and each.known is not None and each.known.file in wanted
    )
    stays = name == "PK" and old is not None and not added
    key = (NAMES[name], name)
    return KeyChange(
        name,
        added,
        kept,
        stays,
        len(before.variables.get(key, b"")),
        len(after.variables.get(key, b"")),
    )
