"""Decoders of well-known variables: a module a family, one table of all."""

from ovmfgui.nvram.decode.decoded import Decoded, Decoder, Value
from ovmfgui.nvram.decode.device_path import device_path_text
from ovmfgui.nvram.decode.registry import DECODERS, decode, decode_value, decoder_for, help_for

__all__ = [
    "DECODERS",
    "Decoded",
    "Decoder",
    "Value",
    "decode",
    "decode_value",
    "decoder_for",
    "device_path_text",
    "help_for",
]
