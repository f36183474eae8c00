"""Sets of packages as bytes: what stands in a cabinet or a folder; the store of an installed Windows."""

import hashlib
import os
from pathlib import Path

from windows_media import hive
from windows_media.cabinet import MSZIP, build_cabinet
from windows_media.delta import build_manifest_delta, build_stored_blocks, build_stored_delta
from windows_media.security_catalog import build_catalog

CATALOG_ROOT = 'Windows/System32/CatRoot/{F750E6C3-38EE-11D1-85E5-00C04FC295EE}'


def write_file(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def package_texts(media_set):
    return {package.identity.package_id: package.xml() for package in media_set.packages}


def manifest_texts(media_set):
    return {component.identity.key_form: component.xml() for component in media_set.components}


def stored_manifests(manifests, has_deltas):
    """Every second one as a delta, if there are to be any."""
    return {f'{name}.manifest': build_manifest_delta(text) if has_deltas and number % 2 == 0 else text
            for number, (name, text) in enumerate(manifests.items())}


def set_members(media_set, signer, has_deltas=False):
    """Path to bytes: manifests, the catalog over them, payload. A set of one outer package has it as update.mum as well."""
    packages, manifests = package_texts(media_set), manifest_texts(media_set)
    members = {f'{name}.mum': text for name, text in packages.items()}
    if packages:
        members['update.mum'] = list(packages.values())[-1]
    members.update(stored_manifests(manifests, has_deltas))
    members['update.cat'] = build_catalog([*packages.values(), *manifests.values()], signer)
    for component in media_set.components:
        folder = component.identity.key_form
        members.update((f'{folder}/{file.name}', file.data) for file in component.files)
    return members


def folder_of(media_set):
    return 'Packages' if media_set.language == 'neutral' else f'Packages/{media_set.language.lower()}'


def write_folders(sets, signer, root, has_deltas=False):
    for media_set in sets:
        folder = root / folder_of(media_set) / media_set.name
        members = set_members(media_set, signer, has_deltas)
        for name in {os.path.dirname(member) for member in members}:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, data in members.items():
            (folder / name).write_bytes(data)


def write_cabinets(sets, signer, root, method=MSZIP, has_deltas=False):
    for media_set in sets:
        write_file(root / folder_of(media_set) / (media_set.name + '.cab'),
                   build_cabinet(set_members(media_set, signer, has_deltas), method, behind=b'signature of nobody'.ljust(64, b'\0')))


def write_updates(sets, signer, root):
    cabinets = {media_set.name + '.cab': build_cabinet(set_members(media_set, signer)) for media_set in sets}
    for name, data in cabinets.items():
        write_file(root / name, data)
    write_file(root / 'update.msu', build_cabinet(cabinets))


CONFIG = 'Windows/System32/config'
SERVICING = r'Microsoft\Windows\CurrentVersion\Component Based Servicing'
INSTALLED, STAGED = 0x70, 0x40


def software_hive(sets, closure):
    root = hive.Key()
    packages = root.at(SERVICING + r'\Packages')
    installed = set(closure['packages'])
    for media_set in sets:
        for package in media_set.packages:
            name = package.identity.package_id
            values = packages.at(name).values
            values['InstallName'] = hive.text(name + '.mum')
            values['CurrentState'] = hive.number(INSTALLED if name in installed else STAGED)
            values['Visibility'] = hive.number(1 if package.release_type == 'Product' else 2)
    root.at(r'Microsoft\Windows NT\CurrentVersion').values['CurrentBuild'] = hive.text('20348')
    return hive.build_hive(root, 'SOFTWARE')


def identity_text(identity):
    """As the store has it beside a component."""
    parts = [identity.name, f'Culture={identity.language}', *([f'Type={identity.type}'] if identity.type else []),
             f'Version={identity.version}', f'PublicKeyToken={identity.token}',
             f'ProcessorArchitecture={identity.architecture}', *(['versionScope=NonSxS'] if identity.scope else [])]
    return ', '.join(parts).encode()


def components_hive(sets):
    root = hive.Key()
    root.values['StoreFormatVersion'] = hive.binary('0.0.0.6'.encode('utf-16-le'))
    root.values['StoreArchitecture'] = hive.number(9)
    root.at(r'CanonicalData\Catalogs')
    root.at(r'CanonicalData\Deployments')
    components = root.at(r'DerivedData\Components')
    for media_set in sets:
        for component in media_set.components:
            values = components.at(component.identity.key_form).values
            values['S256H'] = hive.binary(hashlib.sha256(component.xml()).digest())
            values['identity'] = hive.binary(identity_text(component.identity))
            for file in component.files:
                values[f'f!{file.name.lower()[:25]}'] = hive.number(1)
    return hive.build_hive(root, 'COMPONENTS')


def system_hive():
    root = hive.Key()
    root.at('Select').values['Current'] = hive.number(1)
    root.at(r'ControlSet001\Control\Session Manager')
    return hive.build_hive(root, 'SYSTEM')


def packed(data, number):
    """Two of three files in a form that stores keep payload in."""
    return (data, build_stored_delta(data), build_stored_blocks(data))[number % 3]


def write_store(sets, signer, root, closure, has_deltas=False, is_packed=False):
    """An installed Windows as far as servicing goes: manifests, packages, catalogs, payload folders, hives, and the files of
    `closure` in their places, as hard links. What is not of the closure is staged. A file that is packed is no hard link."""
    count = 0
    installed = set(closure['components'])
    write_file(root / CONFIG / 'SOFTWARE', software_hive(sets, closure))
    write_file(root / CONFIG / 'COMPONENTS', components_hive(sets))
    write_file(root / CONFIG / 'SYSTEM', system_hive())
    for media_set in sets:
        packages, manifests = package_texts(media_set), manifest_texts(media_set)
        catalog = build_catalog([*packages.values(), *manifests.values()], signer)
        write_file(root / f'Windows/WinSxS/Catalogs/{hashlib.sha256(catalog).hexdigest()}.cat', catalog)
        for name, text in packages.items():
            write_file(root / f'Windows/servicing/Packages/{name}.mum', text)
            write_file(root / f'Windows/servicing/Packages/{name}.cat', catalog)
            write_file(root / f'{CATALOG_ROOT}/{name}.cat', catalog)
        for name, data in stored_manifests(manifests, has_deltas).items():
            write_file(root / f'Windows/WinSxS/Manifests/{name}', data)
        for component in media_set.components:
            form = component.identity.key_form
            for file in component.files:
                stored = root / f'Windows/WinSxS/{form}/{file.name}'
                data = packed(file.data, count) if is_packed else file.data
                count += 1
                write_file(stored, data)
                for place in file.places if form in installed else []:
                    target = Path(root / place)
                    if data != file.data:
                        write_file(target, file.data)
                        continue
                    target.parent.mkdir(parents=True, exist_ok=True)
                    os.link(stored, target)
