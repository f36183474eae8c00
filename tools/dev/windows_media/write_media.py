"""Sets of packages as bytes: what stands in a cabinet or a folder; the store of an installed Windows."""

import hashlib
import os
from pathlib import Path

from windows_media.cabinet import MSZIP, build_cabinet
from windows_media.security_catalog import build_catalog

CATALOG_ROOT = 'Windows/System32/CatRoot/{F750E6C3-38EE-11D1-85E5-00C04FC295EE}'


def write_file(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def package_texts(media_set):
    return {package.identity.package_id: package.xml() for package in media_set.packages}


def manifest_texts(media_set):
    return {component.identity.key_form: component.xml() for component in media_set.components}


def set_members(media_set, signer):
    """Path to bytes: manifests, the catalog over them, payload. A set of one outer package has it as update.mum as well."""
    packages, manifests = package_texts(media_set), manifest_texts(media_set)
    members = {f'{name}.mum': text for name, text in packages.items()}
    if packages:
        members['update.mum'] = list(packages.values())[-1]
    members.update((f'{name}.manifest', text) for name, text in manifests.items())
    members['update.cat'] = build_catalog([*packages.values(), *manifests.values()], signer)
    for component in media_set.components:
        folder = component.identity.key_form
        members.update((f'{folder}/{file.name}', file.data) for file in component.files)
    return members


def folder_of(media_set):
    return 'Packages' if media_set.language == 'neutral' else f'Packages/{media_set.language.lower()}'


def write_folders(sets, signer, root):
    for media_set in sets:
        folder = root / folder_of(media_set) / media_set.name
        members = set_members(media_set, signer)
        for name in {os.path.dirname(member) for member in members}:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, data in members.items():
            (folder / name).write_bytes(data)


def write_cabinets(sets, signer, root, method=MSZIP):
    for media_set in sets:
        write_file(root / folder_of(media_set) / (media_set.name + '.cab'),
                   build_cabinet(set_members(media_set, signer), method, behind=b'signature of nobody'.ljust(64, b'\0')))


def write_store(sets, signer, root, installed):
    """An installed Windows as far as servicing goes: manifests, packages, catalogs, payload folders, and the files of
    `installed` (key forms) in their places, as hard links."""
    for media_set in sets:
        packages, manifests = package_texts(media_set), manifest_texts(media_set)
        catalog = build_catalog([*packages.values(), *manifests.values()], signer)
        write_file(root / f'Windows/WinSxS/Catalogs/{hashlib.sha256(catalog).hexdigest()}.cat', catalog)
        for name, text in packages.items():
            write_file(root / f'Windows/servicing/Packages/{name}.mum', text)
            write_file(root / f'Windows/servicing/Packages/{name}.cat', catalog)
            write_file(root / f'{CATALOG_ROOT}/{name}.cat', catalog)
        for component in media_set.components:
            form = component.identity.key_form
            write_file(root / f'Windows/WinSxS/Manifests/{form}.manifest', manifests[form])
            for file in component.files:
                stored = root / f'Windows/WinSxS/{form}/{file.name}'
                write_file(stored, file.data)
                for place in file.places if form in installed else []:
                    target = Path(root / place)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    os.link(stored, target)
