"""Registry values: the text of a manifest and the bytes of a hive for one and the same value (servicing.md 4.5)."""

import struct

TYPES = {'REG_NONE': 0, 'REG_SZ': 1, 'REG_EXPAND_SZ': 2, 'REG_BINARY': 3, 'REG_DWORD': 4, 'REG_MULTI_SZ': 7,
         'REG_RESOURCE_LIST': 8, 'REG_RESOURCE_REQUIREMENTS_LIST': 10, 'REG_QWORD': 11}


def utf16(text):
    return text.encode('utf-16-le') + b'\0\0'


def multi_sz(items):
    return b''.join(utf16(item) for item in items) + b'\0\0'


def quoted_list(items):
    return ','.join('"' + item.replace('"', '""') + '"' for item in items)


def value_of(type_name, value):
    """(text, type number, data): `value` is a string, a number, a list of strings or bytes, as the type asks."""
    if type_name in ('REG_SZ', 'REG_EXPAND_SZ'):
        return value, TYPES[type_name], utf16(value)
    if type_name == 'REG_DWORD':
        return ('-1' if value == -1 else f'0x{value:08x}'), TYPES[type_name], struct.pack('<I', value & 0xFFFFFFFF)
    if type_name == 'REG_QWORD':
        data = struct.pack('<Q', value)
        return data.hex(), TYPES[type_name], data
    if type_name == 'REG_MULTI_SZ':
        return quoted_list(value), TYPES[type_name], multi_sz(value)
    number = TYPES[type_name] if type_name in TYPES else int(type_name, 16)
    return value.hex(), number, value
