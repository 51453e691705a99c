"""The rule that every map has to keep: each byte belongs to exactly one leaf."""

from ovmfgui.flash.image import Image
from ovmfgui.flash.region import Region
from ovmfgui.span import Span


def assert_tiles(image: Image, regions: tuple[Region, ...]) -> None:
    """Fail unless the regions of each file tile it, and so do the children of every region."""
    for space in range(len(image.files)):
        own = tuple(r for r in regions if r.place.space == space)
        _assert_tiled(image, own, space, Span(0, len(image.spaces[space].data)))


def _assert_tiled(image: Image, regions: tuple[Region, ...], space: int, whole: Span) -> None:
    position = whole.start
    for region in regions:
        assert region.place.space == space
        assert region.span.start == position, f"hole or overlap before {region.name}"
        assert region.span.size > 0
        assert 0 <= (region.used or 0) <= region.span.size
        position = region.span.end
        if not region.children:
            continue
        inner = region.children[0].place.space
        if inner == space:
            _assert_tiled(image, region.children, space, region.span)
        else:
            _assert_tiled(image, region.children, inner, Span(0, len(image.spaces[inner].data)))
    assert position == whole.end


def assert_tiles_span(region: Region) -> None:
    """Fail unless the children of every region of one space's tree tile it."""
    position = region.span.start
    for child in region.children:
        assert child.span.start == position, f"hole or overlap before {child.name}"
        assert child.span.size > 0
        assert 0 <= (child.used or 0) <= child.span.size
        position = child.span.end
        assert_tiles_span(child)
    assert not region.children or position == region.span.end
