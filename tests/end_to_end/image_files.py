"""Reads a composed archive with Python's own tar and JSON modules: a reader that shares no code with winnow."""

import contextlib
import gzip
import json
import tarfile

PE_MAGIC = b'MZ'
SYSTEM_FOLDER = 'Files/Windows/'


def _blob(descriptor):
    return 'blobs/' + descriptor['digest'].replace(':', '/')


def _documents(archive):
    """The image manifest and the configuration of an open hybrid archive."""
    def load(name):
        return json.load(archive.extractfile(name))
    manifest = load(_blob(load('index.json')['manifests'][0]))
    return manifest, load(_blob(manifest['config']))


@contextlib.contextmanager
def _layer(path):
    """The only layer of a hybrid archive, as a tar to be read once from front to back."""
    with tarfile.open(path) as archive:
        (layer,) = _documents(archive)[0]['layers']
        stream = archive.extractfile(_blob(layer))
        if layer['mediaType'].endswith('gzip'):
            stream = gzip.GzipFile(fileobj=stream)
        with tarfile.open(fileobj=stream, mode='r|') as entries:
            yield entries


def image_config(path):
    with tarfile.open(path) as archive:
        return _documents(archive)[1]


def extract_pe_files(path, folder):
    """Writes every PE file of the image below `folder`, under its path in the layer; returns those paths, sorted."""
    names = []
    with _layer(path) as entries:
        for entry in entries:
            data = entries.extractfile(entry).read() if entry.isreg() else b''
            if data.startswith(PE_MAGIC):
                target = folder / entry.name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
                names.append(entry.name)
    return sorted(names)
