"""The fields of an image's headers are read when somebody looks, and nothing is kept of them."""

import gc
from uuid import UUID

from ovmfgui.fields import Field, FieldsWhenAsked
from ovmfgui.flash import building
from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.region import Kind, of_kind
from ovmfgui.flash.structures import FILE_RAW
from ovmfgui.span import Span

NAME = UUID(int=1)
VOLUMES = 200
FEW = 25
"""Objects a volume with one file: six regions, where they lie, and fields that nobody has read."""


def held(made):
    """What Python's search for cycles has to look at because of what is made."""
    gc.collect()
    before = len(gc.get_objects())
    made = made()
    gc.collect()
    return len(gc.get_objects()) - before, made


def test_an_image_of_many_volumes_is_few_objects():
    volume = building.volume(0x200, [building.file(NAME, FILE_RAW, bytes(8))], block_size=0x200)
    image_of([FlashFile("warm", volume, Format.RAW, Role.CODE)])
    count, image = held(
        lambda: image_of([FlashFile("many", volume * VOLUMES, Format.RAW, Role.CODE)])
    )
    assert sum(1 for _ in of_kind(image.map, Kind.VOLUME)) == VOLUMES
    assert count < VOLUMES * FEW
    many = list(of_kind(image.map, Kind.HEADER))
    assert all(header.fields for header in many)
    assert held(lambda: [len(header.fields) for header in many])[0] < FEW


def test_they_are_what_was_read_wherever_they_are_asked_from():
    asked = []

    def read(start, name):
        asked.append(name)
        return [Field(name, Span(start, 4), start), Field("Last", Span(start + 4, 1), 1)]

    fields = FieldsWhenAsked(read, 16, "First")
    assert asked == []
    assert (len(fields), fields[-1].name, [each.name for each in fields]) == (
        *(2, "Last"),
        ["First", "Last"],
    )
    assert fields[:1] == (Field("First", Span(16, 4), 16),)
    assert fields == FieldsWhenAsked(read, 16, "First") == tuple(read(16, "First"))
    assert fields != FieldsWhenAsked(read, 17, "First")
    assert fields != "First"
    assert hash(fields) == hash(tuple(fields))
    assert repr(fields) == repr(tuple(fields))
