"""Small PE files: programs and libraries that import one another, and the one that holds the API sets (servicing.md 12)."""

import struct

FILE_ALIGNMENT = 0x200
SECTION_ALIGNMENT = 0x1000
PE_OFFSET = 0x80
MACHINES = {'amd64': 0x8664, 'x86': 0x14C, 'wow64': 0x14C, 'msil': 0x14C}
CODE = b'\x33\xc0\xc3'  # xor eax, eax; ret
TEXT_RVA = SECTION_ALIGNMENT
CONSOLE = 3
NATIVE = 1


def aligned(size, alignment):
    return (size + alignment - 1) // alignment * alignment


class Data:
    """The bytes of a read-only section, put together from its start."""

    def __init__(self, rva):
        self.rva = rva
        self.bytes = bytearray()

    def add(self, data, alignment=1):
        self.bytes.extend(bytes(-len(self.bytes) % alignment))
        at = self.rva + len(self.bytes)
        self.bytes.extend(data)
        return at

    def text(self, text):
        return self.add(text.encode() + b'\0')


def add_imports(data, imports, is_wide):
    """`imports`: module to names of functions, or ordinals. Returns the directory."""
    form, flag = ('<Q', 1 << 63) if is_wide else ('<I', 1 << 31)
    descriptors = bytearray()
    for module, functions in imports.items():
        thunks = b''.join(struct.pack(form, flag | function if isinstance(function, int) else
                                      data.add(b'\0\0' + function.encode() + b'\0', 2)) for function in functions)
        thunks += struct.pack(form, 0)
        lookup = data.add(thunks, 8)
        addresses = data.add(thunks, 8)
        descriptors += struct.pack('<5I', lookup, 0, 0, data.text(module), addresses)
    descriptors += bytes(20)
    return data.add(descriptors, 4), len(descriptors)


def add_exports(data, module, exports):
    """`exports`: name to "", or to what it forwards to. Returns the directory, which holds all its texts."""
    names = sorted(exports)
    start = data.add(bytes(40), 4)
    addresses = b''.join(struct.pack('<I', data.text(exports[name]) if exports[name] else TEXT_RVA) for name in names)
    texts = b''.join(struct.pack('<I', data.text(name)) for name in names)
    ordinals = b''.join(struct.pack('<H', number) for number in range(len(names)))
    module_at = data.text(module)
    ordinals_at = data.add(ordinals, 4)
    table = struct.pack('<3I', data.add(addresses, 4), data.add(texts, 4), ordinals_at)
    at = start - data.rva
    data.bytes[at:at + 40] = struct.pack('<4I3I', 0, 0, 0, module_at, 1, len(names), len(names)) + table
    data.add(bytes(4))  # objdump wants the directory to be larger than its tables
    return start, data.rva + len(data.bytes) - start


def headers(sections, directories, machine, is_library, subsystem):
    is_wide = machine == MACHINES['amd64']
    last = sections[-1]
    image_size = aligned(last[1] + len(last[2]), SECTION_ALIGNMENT)
    out = bytearray(b'MZ'.ljust(0x3C, b'\0') + struct.pack('<I', PE_OFFSET)).ljust(PE_OFFSET, b'\0')
    optional = struct.pack('<HBBIIIII', 0x20B if is_wide else 0x10B, 14, 0, FILE_ALIGNMENT, 0, 0, TEXT_RVA, TEXT_RVA)
    optional += struct.pack('<Q', 0x180000000) if is_wide else struct.pack('<II', 0, 0x10000000)
    optional += struct.pack('<IIHHHHHHIIIIHH', SECTION_ALIGNMENT, FILE_ALIGNMENT, 10, 0, 10, 0, 10, 0, 0, image_size,
                            FILE_ALIGNMENT * 2, 0, subsystem, 0x160)
    optional += struct.pack('<4Q' if is_wide else '<4I', 0x40000, 0x4000, 0x100000, 0x1000) + struct.pack('<II', 0, 16)
    optional += b''.join(struct.pack('<II', *directories.get(index, (0, 0))) for index in range(16))
    out += b'PE\0\0' + struct.pack('<HHIIIHH', machine, len(sections), 0, 0, 0, len(optional),
                                   0x22 | (0x2000 if is_library else 0))
    out += optional
    at = FILE_ALIGNMENT * 2
    for name, rva, data, flags in sections:
        raw = aligned(len(data), FILE_ALIGNMENT)
        out += name.ljust(8, b'\0') + struct.pack('<IIIIIIHHI', len(data), rva, raw, at, 0, 0, 0, 0, flags)
        at += raw
    return bytes(out.ljust(FILE_ALIGNMENT * 2, b'\0'))


def build_pe(module, imports=None, exports=None, architecture='amd64', subsystem=CONSOLE, padding=b'', api_sets=None):
    """A program, or a library when it exports something or is named so."""
    machine = MACHINES[architecture]
    data = Data(TEXT_RVA + SECTION_ALIGNMENT)
    data.add(padding or b'\0')
    directories = {}
    if exports:
        directories[0] = add_exports(data, module, exports)
    if imports:
        directories[1] = add_imports(data, imports, machine == MACHINES['amd64'])
    sections = [(b'.text', TEXT_RVA, CODE, 0x60000020), (b'.rdata', data.rva, bytes(data.bytes), 0x40000040)]
    if api_sets:
        rva = aligned(data.rva + len(data.bytes), SECTION_ALIGNMENT)
        sections.append((b'.apiset', rva, api_sets, 0x40000040))
    is_library = bool(exports) or not module.endswith('.exe')
    out = headers(sections, directories, machine, is_library, subsystem)
    return out + b''.join(section[2].ljust(aligned(len(section[2]), FILE_ALIGNMENT), b'\0') for section in sections)


def build_api_sets(sets):
    """The section .apiset, version 6. `sets`: name ("api-ms-win-core-file-l1-2-0") to pairs of importer and host; the first
    of them has importer "" and is what holds else; no pair: a set that no module of this Windows hosts."""
    names = sorted(sets)
    entries_at = 28
    values_at = entries_at + 24 * len(names)
    texts_at = values_at + 20 * sum(len(sets[name]) for name in names)
    entries, values, texts, hashes = bytearray(), bytearray(), bytearray(), []

    def text(string):
        at = texts_at + len(texts)
        texts.extend(string.encode('utf-16-le'))
        return at, 2 * len(string)

    for index, name in enumerate(names):
        hashed = name[:name.rindex('-')]
        sum_ = 0
        for character in hashed:
            sum_ = (sum_ * 31 + ord(character)) & 0xFFFFFFFF
        hashes.append((sum_, index))
        entries += struct.pack('<IIIIII', 1, *text(name), 2 * len(hashed), values_at + len(values), len(sets[name]))
        for importer, host in sets[name]:
            values += struct.pack('<IIIII', 0, *text(importer), *text(host))
    texts.extend(bytes(-len(texts) % 4))
    hash_table = b''.join(struct.pack('<II', *row) for row in sorted(hashes))
    hashes_at = texts_at + len(texts)
    header = struct.pack('<IIIIIII', 6, hashes_at + len(hash_table), 0, len(names), entries_at, hashes_at, 31)
    return header + bytes(entries) + bytes(values) + bytes(texts) + hash_table
