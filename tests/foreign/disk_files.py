#!/usr/bin/env python3
"""What judge_disk.sh compares: the files and folders that a volume must hold, against what programs of others say it holds.

  disk_files.py expect TREE                    prints the list that the others take: "f SHA-256 PATH", "d - PATH", "l - PATH"
                                               (a link or reparse point), tabs between; TREE is a folder, or the tree text
                                               that winnow prints
  disk_files.py folder LIST FOLDER [WITHOUT]   an extracted volume: every file's hash; WITHOUT = "empty", "folders" or both
                                               with a comma, when the program that extracted leaves such things out
  disk_files.py sums LIST SUMS                 the lines of sha256sum
  disk_files.py names LIST PROGRAM LISTING     the names alone; PROGRAM is ntfsls, fls or fsntfsinfo

Prints each difference (at most 20) and ends with 1 when there is one. Files of NTFS itself ($MFT, $Extend/…) and named
streams are nobody's, and left out on both sides.
"""

import hashlib
import os
import re
import sys

SHOWN = 20
EMPTY = hashlib.sha256().hexdigest()


def of_folder(top):
    """{path: (kind, digest)} of a folder of the host; links are not followed."""
    found = {}
    for folder, folders, files in os.walk(top):
        for name in folders + files:
            path = os.path.join(folder, name)
            place = os.path.relpath(path, top)
            if os.path.islink(path):
                found[place] = ('l', '-')
            elif os.path.isdir(path):
                found[place] = ('d', '-')
            else:
                with open(path, 'rb') as file:
                    found[place] = ('f', hashlib.file_digest(file, 'sha256').hexdigest()
                                    if hasattr(hashlib, 'file_digest') else hashlib.sha256(file.read()).hexdigest())
    return found


def of_tree_text(path):
    """The same of a tree text: "f\tWindows\\a.dll\t…\tsha256=…" and "d\tWindows\t…"."""
    found = {}
    with open(path, encoding='utf-8') as text:
        for line in text:
            kind, _, rest = line.rstrip('\n').partition('\t')
            if kind not in ('f', 'd'):
                continue
            place, *fields = rest.split('\t')
            place = place.replace('\\', '/').strip('/')
            values = dict(field.partition('=')[::2] for field in fields)
            if not place:
                continue
            if 'reparse' in values:
                found[place] = ('l', '-')
            elif kind == 'd':
                found[place] = ('d', '-')
            else:
                found[place] = ('f', values.get('sha256', EMPTY))
    return found


def load_list(path):
    with open(path, encoding='utf-8', errors='surrogateescape') as lines:
        rows = (line.rstrip('\n').split('\t', 2) for line in lines)
        return {place: (kind, digest) for kind, digest, place in rows}


def of_sums(path):
    with open(path, encoding='utf-8', errors='surrogateescape') as lines:
        return {line[66:].rstrip('\n').removeprefix('./'): ('f', line[:64]) for line in lines}


def of_ntfsls(lines):
    """Sections "/Windows:" with bare names; "." and ".." come with some folders only."""
    folder = ''
    for line in lines:
        if line.startswith('/') and line.endswith(':'):
            folder = line[1:-1].rstrip('/')
        elif line not in ('', '.', '..'):
            yield f'{folder}/{line}'.lstrip('/')


def of_fls(lines):
    """"r/r 64-128-2:\tWindows/a.dll"; "*" marks what is deleted."""
    for line in lines:
        entry = re.match(r'(?:[-\w]/[-\w]) (\* )?[\d-]+:\t(.*)', line)
        if entry and not entry[1]:
            yield entry[2]


def of_fsntfsinfo(lines):
    for line in lines:
        if line.startswith('\\'):
            yield line[1:].replace('\\', '/')


LISTINGS = {'ntfsls': of_ntfsls, 'fls': of_fls, 'fsntfsinfo': of_fsntfsinfo}


def of_ntfs_itself(place):
    """System files, named streams, and the folder that 7z makes for the former."""
    first = place.split('/')[0]
    return first == '[SYSTEM]' or first.startswith('$') or ':' in place


def compare(expected, found):
    """Prints the differences of two {path: value} dictionaries; how many there are."""
    faults = [f'missing: {place}' for place in sorted(expected.keys() - found.keys())]
    faults += [f'not expected: {place}' for place in sorted(found.keys() - expected.keys())]
    faults += [f'differs: {place}: {found[place]}, expected {expected[place]}'
               for place in sorted(expected.keys() & found.keys()) if expected[place] != found[place]]
    for fault in faults[:SHOWN]:
        print(fault.encode('utf-8', 'surrogateescape').decode('utf-8', 'replace'))
    if len(faults) > SHOWN:
        print(f'and {len(faults) - SHOWN} more')
    return len(faults)


def compare_names(expected, program, listing):
    with open(listing, encoding='utf-8', errors='surrogateescape') as lines:
        names = list(LISTINGS[program](line.rstrip('\n') for line in lines))
    doubled = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) != len(names) else []
    for name in doubled[:SHOWN]:
        print(f'listed twice: {name}')
    found = {name: 'there' for name in names if not of_ntfs_itself(name)}
    return compare(dict.fromkeys(expected, 'there'), found) + len(doubled)


def compare_folder(expected, folder, without):
    """A link comes back as whatever the program makes of it, so that it is only looked for by name."""
    wanted = {place: value for place, value in expected.items()
              if not ('empty' in without and value[1] == EMPTY) and not ('folders' in without and value[0] != 'f')}
    found = {place: value for place, value in of_folder(folder).items() if not of_ntfs_itself(place)}
    for place, (kind, _) in expected.items():
        if place in found and (kind == 'l' or place not in wanted):
            found[place] = expected[place]
            wanted[place] = expected[place]
    return compare(wanted, found)


def main(verb, *arguments):
    if verb == 'expect':
        (tree,) = arguments
        for place, (kind, digest) in sorted((of_folder if os.path.isdir(tree) else of_tree_text)(tree).items()):
            sys.stdout.buffer.write(f'{kind}\t{digest}\t{place}\n'.encode('utf-8', 'surrogateescape'))
        return 0
    expected = load_list(arguments[0])
    if verb == 'folder':
        return compare_folder(expected, arguments[1], arguments[2].split(',') if len(arguments) > 2 else ())
    if verb == 'sums':
        files = {place: value for place, value in expected.items() if value[0] == 'f'}
        found = of_sums(arguments[1])
        return compare(files, {place: value for place, value in found.items() if expected.get(place, 'f')[0] != 'l'})
    if verb == 'names':
        return compare_names(expected, *arguments[1:])
    sys.exit(__doc__)


if __name__ == '__main__':
    sys.exit(1 if main(*sys.argv[1:]) else 0)
