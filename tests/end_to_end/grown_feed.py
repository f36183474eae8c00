"""Feeds like the open one: with one module grown, payload, manifest and index changed together, as a new build of that
module would change them; or with more in one manifest."""

import base64
import hashlib
import os
import re
import shutil

from winnow_program import FEED


def _link(source, target):
    """A link where the file system allows it, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _replace(path, data):
    """Another file under the same name: the copy's files may be links to the feed's own."""
    path.unlink()
    path.write_bytes(data)


def add_to_manifest(folder, component, elements):
    """Copies the feed to `folder` and adds `elements` to the manifest of `component`."""
    shutil.copytree(FEED, folder, copy_function=_link)
    manifest = next((folder / 'manifests').glob(f'amd64_{component.lower()}_*.manifest'))
    text = manifest.read_text(encoding='utf-8')
    _replace(manifest, text.replace('</assembly>', elements + '</assembly>').encode())
    _pin_manifest(folder / 'index.xml', component, manifest)
    return folder


def _pin_manifest(index, component, manifest):
    """Writes the manifest's new digest into the index."""
    text = index.read_text(encoding='utf-8')
    changed = re.sub(rf'(<component name="{re.escape(component)}" [^>]*sha256=")[0-9a-f]+',
                     rf'\g<1>{hashlib.sha256(manifest.read_bytes()).hexdigest()}', text)
    assert changed != text
    _replace(index, changed.encode())


def grow_module(folder, component, added):
    """Copies the feed to `folder` and appends `added` zero bytes to the one file of `component`."""
    shutil.copytree(FEED, folder, copy_function=_link)
    manifest = next((folder / 'manifests').glob(f'amd64_{component.lower()}_*.manifest'))
    payload = next((folder / 'payload' / manifest.name.removesuffix('.manifest')).iterdir())
    old = payload.read_bytes()
    new = old + bytes(added)
    _replace(payload, new)

    text = manifest.read_text(encoding='utf-8')
    changed = text.replace(f'winnow:size="{len(old)}"', f'winnow:size="{len(new)}"')
    changed = changed.replace(base64.b64encode(hashlib.sha256(old).digest()).decode(),
                              base64.b64encode(hashlib.sha256(new).digest()).decode())
    assert changed != text
    _replace(manifest, changed.encode())

    index = folder / 'index.xml'
    text = index.read_text(encoding='utf-8')
    changed = text.replace(hashlib.sha256(old).hexdigest(), hashlib.sha256(new).hexdigest())
    name = re.escape(payload.name)
    changed = re.sub(rf'(path="[^"]*\\{name}" size=")\d+(" sha256="{hashlib.sha256(new).hexdigest()}")',
                     rf'\g<1>{len(new)}\g<2>', changed)
    assert changed != text
    _replace(index, changed.encode())
    _pin_manifest(index, component, manifest)
    return folder
