"""The chain of trust as it is drawn, and what enrolling a profile changes in it."""

from datetime import date

import pytest
from debian_firmware import VARS_4M_MS

from ovmfgui.flash.source import read_file
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.nvram import vendors
from ovmfgui.nvram.batch import Batch
from ovmfgui.nvram.reading import read_store
from ovmfgui.trust.chain import chain_of
from ovmfgui.trust.enrolment import enrol, of_profile
from ovmfgui.trust.enrolment_review import review_profile
from ovmfgui.trust.overview import overview
from ovmfgui.trust.profiles import profile_named

TODAY = date(2026, 11, 1)
BOTH, NEW, DISTRIBUTION = (
    profile_named(name) for name in ("microsoft-2011+2023", "microsoft-2023", "distribution")
)


def enrolled(*profiles):
    data = synthetic_package("4m").vars
    for profile in profiles:
        data = enrol(data, of_profile(profile, read_store(data))).after
    return data


def links_of(data, today=TODAY):
    store = read_store(data)
    variables = {record.key: record.data for record in store.live}
    seen = overview(variables, authenticated=store.authenticated, room=None, today=today)
    return {link.name: link for column in chain_of(seen) for link in column}


def test_every_certificate_is_a_card_with_its_generation_and_its_end():
    links = links_of(enrolled(BOTH))
    assert [card.title for card in links["KEK"].cards] == [
        "Microsoft Corporation KEK CA 2011",
        "Microsoft Corporation KEK 2K CA 2023",
    ]
    old, new = links["KEK"].cards
    assert (old.generation, old.ended) == ("2011", "2026-06-24")
    assert (new.generation, new.ended) == ("2023", "")
    assert old.words.endswith("ended 2026-06-24")
    assert len(links["db"].cards) == 5
    assert [card.ended for card in links_of(enrolled(BOTH), date(2026, 1, 1))["KEK"].cards] == [
        "",
        "",
    ]


def test_what_is_empty_says_what_that_means():
    links = links_of(synthetic_package("4m").vars)
    assert [link.name for link in links.values() if link.cards] == []
    assert links["PK"].empty == "Nobody: setup mode."
    assert links["MokList"].title == "MokList (shim)"
    assert links["db"].title == "db"


def test_hashes_least_versions_and_sbat_are_cards_too():
    batch = Batch(enrolled(BOTH))
    level = b"sbat,1,2024040900\nshim,4\ngrub,4\n"
    batch.add(batch.editor.set_variable("SbatLevel", vendors.SHIM, level, 3))
    links = links_of(batch.edit("").after)
    (card,) = links["SbatLevel"].cards
    assert (card.title, card.note) == ("Level of 2024040900", "shim 4, grub 4")


@pytest.mark.firmware
def test_debians_dbx_is_of_no_update_that_is_known():
    links = links_of(read_file(VARS_4M_MS).data)
    (card,) = links["dbx"].cards
    assert card.note == "of no update that is known"
    assert card.ended == ""
    assert [card.ended for card in links["db"].cards] == ["2026-10-19", "2026-06-27"]


def test_a_review_says_what_comes_what_is_there_and_that_the_machine_leaves_setup_mode():
    data = synthetic_package("4m").vars
    review = review_profile(read_store(data), data, BOTH, TODAY)
    changes = {change.name: change for change in review.changes}
    assert [*changes] == ["PK", "KEK", "db"]
    assert (len(changes["PK"].added), len(changes["db"].added)) == (1, 5)
    assert (changes["db"].before, changes["db"].kept) == (0, ())
    assert changes["db"].after > 0
    assert review.leaves_setup_mode
    assert review.after.next_update.signer_trusted


def test_a_review_of_what_is_there_is_nothing():
    data = enrolled(BOTH)
    review = review_profile(read_store(data), data, NEW, TODAY)
    assert review.nothing
    assert not review.leaves_setup_mode
    changes = {change.name: change for change in review.changes}
    assert len(changes["db"].kept) == 3
    assert changes["PK"].stays


def test_an_owner_stays_where_more_is_enrolled():
    data = enrolled(NEW)
    review = review_profile(read_store(data), data, DISTRIBUTION, TODAY)
    (change,) = review.changes
    assert change.name == "db"
    assert (len(change.added), change.kept) == (10, ())
    assert review.before.databases["PK"] == review.after.databases["PK"]
