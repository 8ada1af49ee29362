"""XML: without a document type, entities, or anything fetched; built and read by lxml."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from persian_mir.exchange.bounded import ExchangeError, read_bounded
from persian_mir.exchange.texts import plain_text
from persian_mir.i18n import _


def read_xml(path: Path) -> etree._Element:
    """Return the root of a file. Raises ExchangeError for no XML, and for XML with a document type of its own."""
    return parse_xml(read_bounded(path), path)


def parse_xml(data: bytes, path: Path, named_type: bool = False) -> etree._Element:
    """Return the root of a text. Depth and length of texts keep to the limits of libxml2.

    `named_type`: whether it may name a document type, as MusicXML does; one that declares anything is refused anyhow.
    """
    safe = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root: etree._Element = etree.fromstring(data, safe)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ExchangeError(_("It is no XML that can be read: {reason}.").format(reason=error), path=path) from error
    named, declared = root.getroottree().docinfo.doctype, root.getroottree().docinfo.internalDTD
    declares = declared is not None and (any(declared.entities()) or any(declared.elements()))
    if declares or (named and not named_type) or next(root.iter(etree.Entity), None) is not None:
        raise ExchangeError(_("It declares entities of its own, which are not read."), path=path)
    return root


def add(parent: etree._Element, name: str, text: str = "", /, **attributes: str) -> etree._Element:
    """Add an element with what it says; attributes that say nothing are left out."""
    told = {key: plain_text(value) for key, value in attributes.items() if value}
    element: etree._Element = etree.SubElement(parent, name, told)
    if text:
        element.text = plain_text(text)
    return element


def as_bytes(root: etree._Element, doctype: str | None = None) -> bytes:
    """Return a document in UTF-8, indented."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True, doctype=doctype))
