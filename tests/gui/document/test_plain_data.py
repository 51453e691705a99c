"""What an image was read into is no matter of Python's search for cycles, and goes without one."""

import gc
from uuid import UUID

import pytest

from ovmfgui.flash import building
from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.region import Region
from ovmfgui.flash.structures import FILE_RAW
from ovmfgui.gui.document import plain_data
from ovmfgui.gui.document.plain_data import keep_from_search
from ovmfgui.layout.demo import demo_files
from ovmfgui.layout.inspection import inspect
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.vendors import GLOBAL

VOLUMES = 200


@pytest.fixture
def unsearched():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def of_many_volumes():
    file = building.file(UUID(int=1), FILE_RAW, bytes(8))
    data = building.volume(0x200, [file], block_size=0x200) * VOLUMES
    return inspect(image_of([FlashFile("many", data, Format.RAW, Role.CODE)]))


def searched(*kinds):
    return sum(type(each) in kinds for each in gc.get_objects())


@pytest.mark.usefixtures("unsearched")
def test_the_search_does_not_see_what_was_read():
    keep_from_search(of_many_volumes())  # What is loaded for that is there.
    before = len(gc.get_objects()), searched(Region)
    found = of_many_volumes()
    assert searched(Region) > before[1] + 5 * VOLUMES
    keep_from_search(found)
    assert searched(Region) == before[1]
    assert len(gc.get_objects()) - before[0] < 3 * VOLUMES
    assert found == of_many_volumes()


@pytest.mark.usefixtures("unsearched")
def test_nothing_that_is_read_waits_for_a_search():
    of_many_volumes()
    before = searched(Region)
    of_many_volumes()
    assert searched(Region) == before


@pytest.mark.usefixtures("unsearched")
def test_records_neither_and_an_edit_goes_on_as_ever():
    found = inspect(image_of(demo_files()))
    assert found.store.records
    keep_from_search(found)
    # By themselves: what was read before in the same process may have some of them in common.
    assert not any(map(gc.is_tracked, found.store.records))
    data = found.image.files[found.store.space].data
    writes = Editor(data, store=found.store).set_variable("New", GLOBAL, b"1").writes
    assert writes == Editor(data).set_variable("New", GLOBAL, b"1").writes


def test_another_python_is_left_alone(monkeypatch):
    monkeypatch.setattr(plain_data, "_untrack", lambda: None)
    found = of_many_volumes()
    keep_from_search(found)
    assert gc.is_tracked(found.map[0])
