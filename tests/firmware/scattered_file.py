"""Rewrites a file of a test volume so that its data is where no tool would put it: in many runs, forwards and backwards, in
several MFT records with an attribute list, which may itself be out of the record."""

import struct

from ntfs_disk import RECORD_SIZE, SECTOR

STANDARD_INFORMATION, ATTRIBUTE_LIST, FILE_NAME, DATA, END = 0x10, 0x20, 0x30, 0x80, 0xFFFFFFFF
HEADER_SIZE = 0x38


def scatter(volume, name, content, extents, *, list_cluster=None):
    """Gives the file of that name `content`, in `extents`: a list of the clusters of each MFT record that has a part of
    the $DATA. The attribute list that several of them need is resident, or in the cluster `list_cluster`."""
    size = len(content)
    clusters = [cluster for extent in extents for cluster in extent]
    assert len(clusters) == -(-size // volume.cluster)
    for i, cluster in enumerate(clusters):
        volume.patch(cluster * volume.cluster, content[i * volume.cluster:(i + 1) * volume.cluster])
    number = volume.find(name)
    kept = [bytes(attribute) for kind, attribute in volume.attributes(number) if kind in (STANDARD_INFORMATION, FILE_NAME)]
    parts, first = [], 0
    for extent in extents:
        parts.append(data_attribute(extent, first, size, volume.cluster))
        first += len(extent)
    if len(parts) == 1:
        write_record(volume, number, [*kept, parts[0]])
        return
    last = volume.data_runs(0)[0][1] * volume.cluster // RECORD_SIZE
    places = [number, *range(last - len(parts) + 1, last)]
    entries = b''.join(list_entry(struct.unpack_from('<I', attribute)[0], 0, number) for attribute in kept)
    first = 0
    for place, extent in zip(places, extents):
        entries += list_entry(DATA, first, place)
        first += len(extent)
    if list_cluster is None:
        listed = struct.pack('<IIBBHHHIHH', ATTRIBUTE_LIST, 24 + len(entries), 0, 0, 24, 0, 9, len(entries), 24, 0) + entries
    else:
        volume.patch(list_cluster * volume.cluster, entries)
        listed = data_attribute([list_cluster], 0, len(entries), volume.cluster, ATTRIBUTE_LIST)
    write_record(volume, number, [kept[0], listed, *kept[1:], parts[0]])
    for place, part in zip(places[1:], parts[1:]):
        write_record(volume, place, [part], base=number)


def data_attribute(clusters, first_vcn, size, cluster_size, kind=DATA):
    """A non-resident attribute; its sizes are there only when it begins at the first cluster."""
    runs = b''
    before = 0
    for start, count in joined(clusters):
        length = count.to_bytes((count.bit_length() + 8) // 8, 'little')
        delta = start - before
        offset = delta.to_bytes((delta.bit_length() + 8) // 8, 'little', signed=True)
        runs += bytes([len(offset) << 4 | len(length)]) + length + offset
        before = start
    runs = (runs + b'\0').ljust(-(-(len(runs) + 1) // 8) * 8, b'\0')
    sizes = (-(-size // cluster_size) * cluster_size, size, size) if first_vcn == 0 else (0, 0, 0)
    return struct.pack('<IIBBHHHQQHHIQQQ', kind, 64 + len(runs), 1, 0, 64, 0, 7, first_vcn, first_vcn + len(clusters) - 1, 64, 0,
                       0, *sizes) + runs


def joined(clusters):
    """[(first, count)] of clusters in the order given."""
    runs = []
    for cluster in clusters:
        if runs and cluster == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((cluster, 1))
    return runs


def list_entry(kind, first_vcn, record):
    return struct.pack('<IHBBQQH6x', kind, 32, 0, 26, first_vcn, record | 1 << 48, 7)


def write_record(volume, number, attributes, base=0):
    body = b''.join(attribute.ljust(-(-len(attribute) // 8) * 8, b'\0') for attribute in attributes)
    body += struct.pack('<II', END, 0)
    assert HEADER_SIZE + len(body) <= RECORD_SIZE, f'the attributes of record {number} do not fit'
    header = struct.pack('<4sHHQHHHHIIQHHI', b'FILE', 0x30, 3, 0, 1, 0 if base else 1, HEADER_SIZE, 1,
                         HEADER_SIZE + len(body), RECORD_SIZE, base | 1 << 48 if base else 0, 20, 0, number)
    record = bytearray((header.ljust(HEADER_SIZE, b'\0') + body).ljust(RECORD_SIZE, b'\0'))
    record[0x30:0x32] = b'\x05\x00'  # the update sequence number, and the words that it replaces
    for i in range(RECORD_SIZE // SECTOR):
        end = (i + 1) * SECTOR
        record[0x32 + 2 * i:0x34 + 2 * i] = record[end - 2:end]
        record[end - 2:end] = b'\x05\x00'
    volume.patch(volume.place_of(number), bytes(record))
