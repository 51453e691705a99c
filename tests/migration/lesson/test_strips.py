import weakref

from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.migration.lesson.strips import strip
from ovmfgui.migration.simulation.guest_view import store_in
from ovmfgui.pflash.contents import Pages


def test_what_is_known_of_contents_goes_with_them():
    """A window that plays recordings all day must not keep the chips of each, 64 MiB on ARM."""
    contents = Pages.of(synthetic_package("4m").vars)
    pieces = strip(contents, may_hold_store=True)
    store = store_in(contents)
    assert {piece.what for piece in pieces} >= {"head"}
    assert strip(contents, may_hold_store=True) is pieces
    assert store_in(contents) is store
    assert strip(contents, may_hold_store=False) != pieces
    gone = weakref.ref(contents)
    del contents
    assert gone() is None
