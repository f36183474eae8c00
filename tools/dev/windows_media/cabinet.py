"""Cabinets (.cab): MSZIP or stored, member names with '\\'."""

import struct
import zlib

BLOCK = 32768
FOLDER_LIMIT = 40000 * BLOCK  # a folder counts its blocks in 16 bits
STORED, MSZIP = 0, 1
DATE, TIME = 0x54E1, 0x6000  # 2022-07-01 12:00
ARCHIVE, UTF8 = 0x20, 0x80


def checksum(data, total=0):
    """Words xored; what is left over counts from the high byte down."""
    whole = len(data) // 4 * 4
    for (word,) in struct.iter_unpack('<I', data[:whole]):
        total ^= word
    return total ^ int.from_bytes(data[whole:], 'big')


def blocks(data, method):
    out = bytearray()
    previous = b''
    for at in range(0, len(data), BLOCK):
        plain = data[at:at + BLOCK]
        packed = plain
        if method == MSZIP:  # what a block may repeat lies in the one before it
            packer = zlib.compressobj(6, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, previous)
            packed = b'CK' + packer.compress(plain) + packer.flush()
            previous = plain
        sizes = struct.pack('<HH', len(packed), len(plain))
        out += struct.pack('<I', checksum(sizes, checksum(packed))) + sizes + packed
    return bytes(out)


def build_cabinet(members, method=MSZIP, reserve=20, behind=b''):
    """`members`: name with '/' to content. `reserve`: bytes of the header that a signature's place would take; `behind`: what
    follows the last folder."""
    folders, current = [], bytearray()
    files = bytearray()
    for name, content in members.items():
        if current and len(current) + len(content) > FOLDER_LIMIT:
            folders.append(bytes(current))
            current = bytearray()
        stored = name.replace('/', '\\')
        flags = ARCHIVE if stored.isascii() else ARCHIVE | UTF8
        files += struct.pack('<IIHHHH', len(content), len(current), len(folders), DATE, TIME, flags) + stored.encode() + b'\0'
        current += content
    folders.append(bytes(current))
    header_size = 36 + (4 + reserve if reserve else 0)
    files_at = header_size + 8 * len(folders)
    packed = [blocks(folder, method) for folder in folders]
    at = files_at + len(files)
    table = bytearray()
    for folder, data in zip(folders, packed):
        table += struct.pack('<IHH', at, (len(folder) + BLOCK - 1) // BLOCK, method)
        at += len(data)
    header = b'MSCF' + struct.pack('<IIIIIBBHHHHH', 0, at, 0, files_at, 0, 3, 1, len(folders), len(members),
                                   4 if reserve else 0, 7, 0)
    if reserve:
        header += struct.pack('<HBB', reserve, 0, 0) + bytes(reserve)
    return header + bytes(table) + bytes(files) + b''.join(packed) + behind
