"""Component manifests as Windows stores them: deltas (DCM, PA30; servicing.md 11) against a dictionary. The simplest there are:
what the manifest begins with as the dictionary does is one copy, the rest is literals, in the code that needs no table. Payload as
stores keep it that is not installed: the same against nothing (DCN), or blocks (DCS)."""

import struct

DICTIONARY = ('<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<assembly xmlns="urn:schemas-microsoft-com:asm.v3" '
              'manifestVersion="1.0" copyright="made by winnow\'s tools/dev/make_media.py">\n<assemblyIdentity name="Contoso-'
              '" version="10.0.20348.1" processorArchitecture="amd64" language="neutral" buildType="release" />\n'
              '</assembly>\n').encode()

# 600 symbols, all as likely as any: 424 of nine bits, then 176 of ten, which have the smallest codes.
SHORT, FIRST_SHORT = 424, 176 // 2
FROM_SOURCE = 256 + 3 * 8  # from the same place in the source; the length follows
LITERALS = [f'{FIRST_SHORT + byte:09b}' for byte in range(256)]
FEWEST, MOST = 9, 263  # bytes that such a copy takes with a length of eight bits


def bits_of(value, count):
    """From the low end."""
    return f'{value:0{count}b}'[::-1] if count else ''


def number(value):
    nibbles = max(1, (value.bit_length() + 3) // 4)
    return '0' * (nibbles - 1) + '1' + bits_of(value, 4 * nibbles)


def as_bytes(bits):
    """A stream: in front three bits say how many at its end mean nothing."""
    padding = -(len(bits) + 3) % 8
    stream = bits_of(padding, 3) + bits + '0' * padding
    return int(stream[::-1], 2).to_bytes(len(stream) // 8, 'little')


def buffer(bits, data):
    bits += number(len(data))
    bits += '0' * (-(len(bits) + 3) % 8)
    return bits + ''.join(bits_of(byte, 8) for byte in data)


def patch(source, target):
    shared = next((at for at, (a, b) in enumerate(zip(source, target)) if a != b), min(len(source), len(target)))
    shared = min(shared, MOST)
    bits = '0' + '1'  # no rift table, the code without a table
    if shared >= FEWEST:
        bits += f'{FIRST_SHORT + FROM_SOURCE:09b}' + f'{shared - 8:08b}'
    else:
        shared = 0
    return as_bytes(bits + ''.join(LITERALS[byte] for byte in target[shared:]))


def build_pa30(source, target):
    bits = ''.join(number(value) for value in (1, 1, 0, len(target), 0))  # file types, flags, size, no hash
    for data in (b'', b'', patch(source, target)):
        bits = buffer(bits, data)
    return b'PA30' + (0x01D5AC0000000000).to_bytes(8, 'little') + as_bytes(bits)


def build_manifest_delta(text, dictionary=DICTIONARY):
    return b'DCM\1' + build_pa30(dictionary, text)


def build_stored_delta(data):
    """DCN: what differs from nothing."""
    return b'DCN\1' + build_pa30(b'', data)


def build_stored_blocks(data, block=16384):
    """DCS: blocks of LZMS, each kept as it is, as blocks are that do not get smaller."""
    blocks = [data[at:at + block] for at in range(0, len(data), block)]
    header = struct.pack('<4sII', b'DCS\1', len(blocks), len(data))
    return header + b''.join(struct.pack('<II', len(part) + 4, len(part)) + part for part in blocks)
