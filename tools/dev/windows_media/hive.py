"""Registry hives (regf 1.5) with keys and small values: what an installed store says of itself."""

import bisect
import struct

BASE_SIZE = 4096
BIN_SIZE = 4096
NONE = 0xFFFFFFFF
TIME = 132_000_000_000_000_000  # 2019-04-17
DESCRIPTOR = bytes.fromhex('01000480480000005800000000000000140000000200340002000000'  # BA owns; BA and SY may all, by
                           '000218003f000f0001020000000000052000000020020000'          # inheritance too
                           '000214003f000f00010100000000000512000000'
                           '01020000000000052000000020020000' '01020000000000052000000020020000')


class Key:
    def __init__(self):
        self.keys = {}  # name to Key
        self.values = {}  # name to (type number, data)

    def at(self, path):
        """The key at a path with '\\', made with all above it."""
        key = self
        for name in path.split('\\'):
            key = key.keys.setdefault(name, Key())
        return key


class HiveWriter:
    """Cells one behind another; a bin begins where a cell would cross its end."""

    def __init__(self):
        self.bins = []  # offset and bytes of each
        self.keys = 0
        self.security = None

    def cell(self, content):
        size = (len(content) + 4 + 7) // 8 * 8
        if not self.bins or len(self.bins[-1][1]) + size > self.bins[-1][2]:
            at = self.bins[-1][0] + self.bins[-1][2] if self.bins else 0
            self.bins.append([at, bytearray(32), max(BIN_SIZE, (size + 32 + BIN_SIZE - 1) // BIN_SIZE * BIN_SIZE)])
        start, data, _ = self.bins[-1]
        at = start + len(data)
        data += struct.pack('<i', -size) + content.ljust(size - 4, b'\0')
        return at

    def patch(self, cell, offset, content):
        start, data, _ = self.bins[bisect.bisect(self.bins, cell, key=lambda row: row[0]) - 1]
        at = cell - start + 4 + offset
        data[at:at + len(content)] = content

    def value(self, name, type_number, data):
        place = struct.unpack('<I', data.ljust(4, b'\0'))[0] if len(data) <= 4 else self.cell(data)
        size = len(data) | (0x80000000 if len(data) <= 4 else 0)
        return self.cell(b'vk' + struct.pack('<HIIIHH', len(name), size, place, type_number, 1, 0) + name.encode('latin-1'))

    def key(self, name, key, parent):
        at = self.cell(b'nk' + bytes(74) + name.encode('latin-1'))
        self.keys += 1
        subkeys = sorted(key.keys.items(), key=lambda row: row[0].upper())
        cells = [(self.key(other, below, at), other) for other, below in subkeys]
        values = [self.value(other, *value) for other, value in key.values.items()]
        subkey_list = value_list = NONE
        if cells:
            rows = b''.join(struct.pack('<I', cell) + other.encode('latin-1')[:4].ljust(4, b'\0') for cell, other in cells)
            subkey_list = self.cell(b'lf' + struct.pack('<H', len(cells)) + rows)
        if values:
            value_list = self.cell(struct.pack(f'<{len(values)}I', *values))
        longest = [2 * max([len(other) for other in names], default=0) for names in (key.keys, key.values)]
        most = max([len(data) for _, data in key.values.values()], default=0)
        flags = 0x2C if parent == NONE else 0x20
        self.patch(at, 0, b'nk' + struct.pack('<HQIIIIIIIIIIIIIIIHH', flags, TIME, 0, parent, len(cells), 0, subkey_list, NONE,
                                              len(values), value_list, self.security, NONE, longest[0], 0, longest[1], most, 0,
                                              len(name), 0))
        return at

    def write(self, root, name):
        self.security = self.cell(b'sk' + struct.pack('<HIIII', 0, 0, 0, 1, len(DESCRIPTOR)) + DESCRIPTOR)
        root_cell = self.key('ROOT', root, NONE)
        self.patch(self.security, 4, struct.pack('<III', self.security, self.security, self.keys))
        out = bytearray()
        for at, data, size in self.bins:
            data[:32] = b'hbin' + struct.pack('<IIQQI', at, size, 0, TIME, 0)
            if len(data) < size:
                data += struct.pack('<i', size - len(data)) + bytes(size - len(data) - 4)
            out += data
        base = bytearray(BASE_SIZE)
        base[:48] = b'regf' + struct.pack('<IIQIIIIIII', 1, 1, TIME, 1, 5, 0, 1, root_cell, len(out), 1)
        stored = name.encode('utf-16-le')[:62]
        base[48:48 + len(stored)] = stored
        total = 0
        for (word,) in struct.iter_unpack('<I', base[:508]):
            total ^= word
        base[508:512] = struct.pack('<I', {0: 1, NONE: NONE - 1}.get(total, total))
        return bytes(base) + bytes(out)


def build_hive(root, name):
    return HiveWriter().write(root, name)


def number(value):
    return 4, struct.pack('<I', value)


def text(value):
    return 1, value.encode('utf-16-le') + b'\0\0'


def binary(value):
    return 3, value
