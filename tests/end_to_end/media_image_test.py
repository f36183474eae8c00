#!/usr/bin/env python3
"""Images composed from media with Windows' own packages (tools/dev/make_media.py's): whole packages and components only, through
every writer, read back equal; every file and registry value as the maker of the media says; what a second run takes from the cache."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import winnow_program
from winnow_program import EXIT_INPUT, EXIT_UNSATISFIABLE, RELEASE_PROGRAM, ROOT, SANITIZED_PROGRAM, ProgramTest, run

MAKER = ROOT / 'tools/dev/make_media.py'
EDITION = 'Microsoft-Windows-ServerDatacenterNanoEdition'
FORMATS = ('tar', 'vhd', 'vhdx', 'raw', 'wim')
BOOT_FILES = ('Boot', 'Boot\\BCD', 'bootmgr')  # what a disk that boots has in its root beside the plan
STORE = 'Windows\\WinSxS\\'
SERVICING = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing'
MANIFEST = '''\
<app xmlns="urn:winnow:app:v1" name="nano" version="1.0">
  <feed path="{media}"/>
  {wanted}
</app>
'''


def rows(text, kind):
    """Lines of a plan of one kind as {path: {field: value}}."""
    found = {}
    for line in text.splitlines():
        word, _, rest = line.partition('\t')
        if word == kind:
            path, *fields = rest.split('\t')
            found[path] = dict(field.split('=', 1) for field in fields)
    return found


class MediaImages(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.shared = Path(tempfile.mkdtemp(prefix='winnow-test-'))
        cls.addClassCleanup(shutil.rmtree, cls.shared)
        cls.made = cls.shared / 'made'
        subprocess.run([sys.executable, '-B', MAKER, cls.made, '--components', '300'], check=True,
                       stdout=subprocess.DEVNULL)
        cls.expected = json.loads((cls.made / 'expected.json').read_text())
        cls.environment = os.environ | {'XDG_CACHE_HOME': str(cls.shared / 'cache')}

    def manifest(self, wanted, media=None):
        path = self.folder / 'nano.xml'
        path.write_text(MANIFEST.format(media=media or self.made / 'media', wanted=wanted))
        return path

    def edition(self):
        return self.manifest(f'<role name="{EDITION}"/>')

    def winnow(self, *arguments, **options):
        return self.succeed(*arguments, '--root', self.made / 'root.pem', env=self.environment, **options)

    def test_every_writer(self):
        """Whole packages with their component store; each image read back is the plan."""
        planned = self.winnow('plan', self.edition(), '--serviceable', '--tree')
        self.assertIn('\nservicing\tserviceable\n', planned)
        for name in FORMATS:
            with self.subTest(format=name):
                image = self.folder / f'nano.{name}'
                program = SANITIZED_PROGRAM if name == 'raw' else RELEASE_PROGRAM
                said = self.winnow('compose', self.edition(), '--serviceable', '--output', image, program=program)
                self.assertIn(f'{image}: serviceable: made of whole packages, with a component store\n', said)
                read = self.succeed('inspect', image, program=program).splitlines()
                disk = [line for line in read if line.split('\t')[1] not in BOOT_FILES] if name == 'vhd' else read
                self.assertEqual(disk, planned.splitlines())
                if name != 'wim':  # which has no rules to be checked by
                    self.succeed('verify', image)

    def test_what_the_media_say(self):
        """Every file and every registry value of the edition, by the maker's own account."""
        plan = self.winnow('plan', self.edition())
        self.assertIn('\nservicing\tminimal\n', plan)
        files = {path.replace('\\', '/'): row for path, row in rows(plan, 'f').items()}
        for path, (digest, size) in self.expected['files'].items():
            self.assertIn(path, files)
            self.assertEqual((files[path]['sha256'], files[path]['size']), (digest, str(size)), path)
        more = [path for path in files if path not in self.expected['files'] and not path.endswith('provenance.json')]
        self.assertTrue(more)  # what programs of the edition import from other packages' modules
        self.assertEqual([path for path in more if not re.fullmatch(r'Windows/System32/area\d+m\d+\.dll', path)], [])
        self.assertEqual([path for path in files if path.startswith('Windows/WinSxS')], [])

    def test_component_store(self):
        """Manifests, payload linked to where it is projected, catalogs, and the state of every package."""
        edition = self.expected['requests'][0]
        plan = self.winnow('plan', self.edition(), '--serviceable')
        files, values, keys = rows(plan, 'f'), rows(plan, 'v'), rows(plan, 'k')
        manifests = {path[len(STORE + 'Manifests\\'):-len('.manifest')] for path in files
                     if path.startswith(STORE + 'Manifests\\')}
        self.assertLess(set(edition['components']), manifests)  # programs import from a package beside the edition: all of it
        for package in edition['packages']:
            mum = f'Windows\\servicing\\Packages\\{package}.mum'
            self.assertIn(mum, files)
            catalog = files[mum[:-3] + 'cat']
            copy = files[f'Windows\\System32\\CatRoot\\{{F750E6C3-38EE-11D1-85E5-00C04FC295EE}}\\{package}.cat']
            self.assertEqual(copy['sha256'], catalog['sha256'])
            self.assertIn(f'{STORE}Catalogs\\{catalog["sha256"]}.cat', files)
            self.assertEqual(values[f'{SERVICING}\\Packages\\{package}\\CurrentState']['data'], '70000000')
        for form in edition['components']:
            key = f'COMPONENTS\\DerivedData\\Components\\{form}'
            self.assertIn(key, keys)
            manifest = files[f'{STORE}Manifests\\{form}.manifest']
            self.assertEqual(values[key + '\\S256H']['data'], manifest['sha256'])
        stored = [path for path in files if path.startswith(STORE) and not path.startswith((STORE + 'Manifests', STORE + 'Catalogs'))]
        linked = [path for path in stored if 'link' in files[path]]
        self.assertTrue(linked)
        for path in linked:
            self.assertEqual(files[files[path]['link']]['sha256'], files[path]['sha256'])
        projected = {name.rsplit('/', 1)[-1].lower() for name in self.expected['files']}
        for path in set(stored) - set(linked):  # the first of the file's names, or not projected at all
            is_first = any(row.get('link') == path for row in files.values())
            self.assertTrue(is_first or path.rsplit('\\', 1)[-1].lower() not in projected, path)

    def test_an_edit_of_a_serviceable_disk(self):
        """Read back it is the image that was composed, but for the edit: a file that is replaced leaves its hard links, so the
        component store stays what its manifests say."""
        image, edited = self.folder / 'nano.vhdx', self.folder / 'edited.vhdx'
        self.winnow('compose', self.edition(), '--serviceable', '--output', image)
        before = self.succeed('inspect', image)
        files = rows(before, 'f')
        stored = {path for path in files if re.fullmatch(r'Windows\\WinSxS\\amd64_contoso-windows-kinds-files_.*\\kinds\.dll', path)}
        names = {path for path, row in files.items() if row.get('link') == 'Program Files\\Kinds\\linked.dll'}
        self.assertTrue(stored and stored < names, names)  # of one file with several names
        (self.folder / 'more').mkdir()
        (self.folder / 'more/linked.dll').write_bytes(b'of somebody else')
        more = self.folder / 'more.xml'
        more.write_text(f'<app xmlns="urn:winnow:app:v1" name="more" version="1">'
                        f'<files source="more" to="C:\\Program Files\\Kinds"/></app>')
        self.succeed('edit', image, '--output', edited, '--manifest', more)
        self.succeed('verify', edited)
        after = self.succeed('inspect', edited)
        provenance = 'Windows\\winnow\\provenance.json'
        expected = {path: dict(row) for path, row in files.items()}
        new, *others = sorted(names | {'Program Files\\Kinds\\linked.dll'})
        content = b'of somebody else'
        expected[new] |= {'size': str(len(content)), 'sha256': hashlib.sha256(content).hexdigest(), 'owner': 'nano'}
        del expected[others[0]]['link']
        for path in others[1:]:
            expected[path]['link'] = others[0]
        changed = rows(after, 'f')
        self.assertEqual(changed | {provenance: {}}, expected | {provenance: {}})
        self.assertEqual([line for line in after.splitlines() if not line.startswith('f\t')],
                         [line for line in before.splitlines() if not line.startswith('f\t')])
        self.succeed('extract', edited, '--output', self.folder / 'tree', provenance.replace('\\', '/'))
        told = json.loads((self.folder / 'tree' / provenance.replace('\\', '/')).read_text())
        self.assertEqual({row['path'].replace('/', '\\'): (told['owners'][row['owner']]['name'], str(row['size']), row['sha256'])
                          for row in told['files']},
                         {path: (row['owner'], row['size'], row['sha256']) for path, row in expected.items()
                          if path != provenance and 'owner' in row})

    def test_components_only(self):
        """A component by name brings what it imports and depends on, and nothing else; in whole packages it is more."""
        manifest = self.manifest('<component name="Contoso-Windows-Kinds-Files"/>')
        chosen = {}
        for name, options in (('small', ()), ('whole', ('--serviceable',))):
            lock = self.folder / f'{name}.lock'
            self.winnow('lock', manifest, '--lock', lock, *options)
            chosen[name] = {line for line in lock.read_text().splitlines() if line.startswith('component ')}
        self.assertTrue(chosen['small'])
        self.assertLess(chosen['small'], chosen['whole'])

    def test_second_run(self):
        """The index and the manifests come from the cache; changed media are read anew."""
        media = self.folder / 'media'
        shutil.copytree(self.made / 'media', media)
        manifest = self.manifest(f'<role name="{EDITION}"/>', media)
        environment = os.environ | {'XDG_CACHE_HOME': str(self.folder / 'cache')}
        options = ('--root', self.made / 'root.pem')
        first = self.succeed('plan', manifest, *options, env=environment)
        self.assertTrue((self.folder / 'cache/winnow/media.sqlite').is_file())
        self.assertEqual(self.succeed('plan', manifest, *options, env=environment), first)
        self.assertEqual(self.succeed('plan', manifest, *options, '--no-cache', env=environment), first)
        changed = next(media.rglob('*contoso-windows-kinds-files_*.manifest'))
        changed.write_bytes(changed.read_bytes().replace(b'kinds.dll', b'kinds.dlx'))
        done = run('plan', manifest, *options, env=environment)
        self.assertEqual((done.returncode, done.stderr.splitlines()[0]),
                         (EXIT_INPUT, f'cannot trust {changed}: no security catalog of the set names it'))

    def test_what_cannot_be_composed(self):
        done = run('plan', self.edition(), env=self.environment)  # no root: chains are followed, not judged
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        done = run('plan', self.manifest('<role name="Microsoft-NanoServer-Hyperv-Package"/>'), '--root',
                   self.made / 'root.pem', env=self.environment)
        self.assertEqual((done.returncode, done.stderr.splitlines()[0]),
                         (EXIT_INPUT, f'{self.folder}/nano.xml:3:4: cannot resolve role "Microsoft-NanoServer-Hyperv-Package": '
                          'no package provides it'))
        payload = self.folder / 'media'
        shutil.copytree(self.made / 'media', payload)
        gone = next(path for path in payload.rglob('kinds.dll'))
        gone.write_bytes(b'MZ' + gone.read_bytes()[2:][::-1])
        manifest = self.manifest(f'<role name="{EDITION}"/>', payload)
        done = run('compose', manifest, '--root', self.made / 'root.pem', '--no-cache', '--output', self.folder / 'x.tar')
        self.assertEqual(done.returncode, EXIT_INPUT)
        self.assertIn('Program Files\\Kinds\\linked.dll in the image', done.stderr)
        self.assertFalse((self.folder / 'x.tar').exists())


if __name__ == '__main__':
    winnow_program.need(RELEASE_PROGRAM, SANITIZED_PROGRAM)
    winnow_program.main()
