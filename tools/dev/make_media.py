#!/usr/bin/env python3
"""Makes media with Windows packages of our own: what Microsoft's look like, with nothing of theirs in them.

  make_media.py FOLDER [--components N] [--seed S] [--form folders|cabs|stored-cabs|store] [--deltas] [--packed] [--unsigned]

FOLDER must not be there or be empty. It gets:

  media/          what a person would give to winnow: Packages/<set>[.cab] and Packages/<language>/<set>_<language>[.cab]; with
                  --form store the folders of an installed Windows instead (WinSxS, servicing, CatRoot, hives, files in their
                  places): the Datacenter edition is installed, all else staged
  updates/        what comes later: servicing-stack.cab, cumulative.cab (which needs that stack; a package inside is for the
                  role DNS), and both in update.msu
  root.pem        the root certificate that all security catalogs end in
  dictionary.manifest  with --deltas: what every second manifest of a component is a delta (DCM) against
  app/hello.exe   a program for such a Windows, with imports through API sets and forwarders
  expected.json   what closes of the media, for several requests: packages, components, versions that lost, missing references,
                  inapplicable packages, dropped components, features; of the edition also every file of the image with its
                  SHA-256, and every registry value; of the app the modules it cannot do without, and the component of each

The same N and S give the same bytes on every machine: keys, too, come of the seed, so whoever has this program can sign in
the name of root.pem. N counts manifests of components, deployments among them; below some 200 it has no effect.

What is in them: two editions (Microsoft-Windows-ServerDatacenterNanoEdition, …Standard…) over one core package; the packages of
packages/roles/nano-server.xml, each with language packs in en-US and de-DE; a tree of features (Compute), a package for one
edition only (ShieldedVM), a capability with a package inside that is for another Windows (Contoso-SecureShell-Server), an
update with newer versions (Package_for_KB5000001), and areas of components like one another up to N, of which every other is
the edition's, the rest the package's Contoso-Nano-Extra-Package. Components have every element of Windows' component manifests
(windows_media/element_kinds.py); programs are PE files that import one another, through API sets and forwarders.
"""

import argparse
import functools
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from windows_media import cabinet, expected, media, sample_app, write_media  # noqa: E402
from windows_media.delta import DICTIONARY  # noqa: E402
from windows_media.security_catalog import Signer  # noqa: E402

REQUESTS = (
    ([media.DATACENTER], [], []),
    ([media.STANDARD], [], []),
    ([media.DATACENTER], ['en-US'], []),
    ([media.DATACENTER, 'Microsoft-NanoServer-Compute-Package', 'Microsoft-NanoServer-DNS-Package'], ['en-US', 'de-DE'], []),
    ([media.DATACENTER, 'Microsoft-NanoServer-Compute-Package'], [], ['Contoso-Hypervisor-All']),
    ([media.DATACENTER, 'Contoso-SecureShell-Server-Package'], [], []),
    ([media.DATACENTER, 'Package_for_KB5000001'], [], []),
)


def arguments_of(packages, languages, features):
    rows = (('--package', packages), ('--language', languages), ('--feature', features))
    return [word for option, names in rows for name in names for word in (option, name)]


def expectations(sets, seed):
    requests = []
    for request in REQUESTS:
        closure = expected.Closer(sets, request[1], request[2]).close(request[0])
        requests.append({'arguments': arguments_of(*request), **vars(closure)})
    edition = requests[0]['components']
    return {'schema': 'winnow-made-media-1', 'seed': seed,
            'sets': [media_set.name for media_set in sets],
            'packageCount': sum(len(media_set.packages) for media_set in sets),
            'componentCount': sum(len(media_set.components) for media_set in sets),
            'fileCount': sum(len(component.files) for media_set in sets for component in media_set.components),
            'requests': requests, 'app': sample_app.owners(sets, sample_app.needed_modules()),
            'files': expected.projected_files(sets, edition), 'registry': expected.written_values(sets, edition)}


@functools.lru_cache(maxsize=4)
def signer_of(seed):
    return Signer(seed)


def make(folder, components=3000, seed=1, form='folders', is_signed=True, has_deltas=False, is_packed=False):
    """The document of expected.json. `folder` must be there."""
    builder = media.MediaBuilder(components, seed)
    sets = builder.build()
    signer = signer_of(seed) if is_signed else None
    document = expectations(sets, seed)
    if form == 'folders':
        write_media.write_folders(sets, signer, folder / 'media', has_deltas)
    elif form == 'store':
        write_media.write_store(sets, signer, folder / 'media', document['requests'][0], has_deltas, is_packed)
    else:
        method = cabinet.MSZIP if form == 'cabs' else cabinet.STORED
        write_media.write_cabinets(sets, signer, folder / 'media', method, has_deltas)
    write_media.write_updates(builder.build_updates(), signer, folder / 'updates')
    if has_deltas:
        (folder / 'dictionary.manifest').write_bytes(DICTIONARY)
    if signer:
        (folder / 'root.pem').write_text(signer.root_pem())
    write_media.write_file(folder / 'app' / sample_app.NAME, sample_app.build_app())
    (folder / 'expected.json').write_text(json.dumps(document, indent=1) + '\n')
    return document


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=Path)
    parser.add_argument('--components', type=int, default=3000, help='manifests of components (3000)')
    parser.add_argument('--seed', type=int, default=1, help='another seed makes other names, contents and keys (1)')
    parser.add_argument('--form', choices=('folders', 'cabs', 'stored-cabs', 'store'), default='folders')
    parser.add_argument('--deltas', action='store_true', help='every second manifest of a component as a delta')
    parser.add_argument('--packed', action='store_true', help='of a store: two of three payload files in compressed forms')
    parser.add_argument('--unsigned', action='store_true', help='catalogs that nobody signed, and no root.pem')
    options = parser.parse_args()
    if options.folder.exists() and any(options.folder.iterdir()):
        sys.exit(f'cannot make media in {options.folder}: it is not empty')
    options.folder.mkdir(parents=True, exist_ok=True)
    made = make(options.folder, options.components, options.seed, options.form, not options.unsigned, options.deltas,
                options.packed)
    print(f'{options.folder}: {len(made["sets"])} sets, {made["packageCount"]} packages, {made["componentCount"]} components, '
          f'{made["fileCount"]} files')


if __name__ == '__main__':
    main()
