#!/usr/bin/env python3
"""tools/dev/make_media.py and winnow, each written from the description alone: what one makes, the other finds good; what one
says should close, closes."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import winnow_program
from winnow_program import EXIT_INPUT, RELEASE_PROGRAM, ROOT, SANITIZED_PROGRAM, ProgramTest, names_below, run

sys.path.insert(0, str(ROOT / 'tools/dev'))
sys.dont_write_bytecode = True

import make_media  # noqa: E402

MAKER = ROOT / 'tools/dev/make_media.py'
EDITION = 'Microsoft-Windows-ServerDatacenterNanoEdition'
TOTALS = '61 packages, 246 components; missing 0 packages, 0 components; 0 faults\n'


def make(folder, **options):
    folder.mkdir()
    make_media.make(folder, components=0, **options)
    return folder


def digests(folder):
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names_below(folder)
            if (folder / name).is_file()}


class MadeMedia(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.shared = Path(tempfile.mkdtemp(prefix='winnow-test-'))
        cls.addClassCleanup(shutil.rmtree, cls.shared)
        cls.made = make(cls.shared / 'folders')
        cls.other = make(cls.shared / 'other', seed=2)
        cls.expected = json.loads((cls.made / 'expected.json').read_text())

    def doctor(self, made, *arguments, program=RELEASE_PROGRAM):
        return self.succeed('doctor', made / 'media', '--root', made / 'root.pem', *arguments, program=program)

    def test_same_bytes_for_the_same_seed(self):
        again = self.folder / 'again'
        done = subprocess.run([sys.executable, '-B', MAKER, again, '--components', '0'], stdout=subprocess.PIPE, text=True,
                              check=True)
        self.assertEqual(done.stdout, f'{again}: 52 sets, 61 packages, 246 components, 214 files\n')
        self.assertEqual(digests(again), digests(self.made))
        self.assertNotEqual((self.other / 'root.pem').read_text(), (self.made / 'root.pem').read_text())
        full = subprocess.run([sys.executable, '-B', MAKER, again], stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual((full.returncode, full.stderr), (1, f'cannot make media in {again}: it is not empty\n'))

    def test_every_signature_and_hash_is_good(self):
        """Of folders (one set), of cabinets, and of an installed store."""
        text = self.doctor(self.made, program=SANITIZED_PROGRAM)
        self.assertTrue(text.endswith('\n1 set, ' + TOTALS), text[-200:])
        self.assertEqual(text.splitlines()[1:3], [
            '  52 security catalogs are signed by "winnow media signer" ("winnow media root 1")',
            '  214 files, 251,814 bytes, each of the SHA-256 that its manifest states'])
        cabinets = make(self.folder / 'cabinets', form='cabs')
        text = self.doctor(cabinets)
        self.assertTrue(text.endswith('\n52 sets, ' + TOTALS), text[-200:])
        stored = make(self.folder / 'stored', form='stored-cabs')
        self.assertTrue(self.doctor(stored).endswith('\n52 sets, ' + TOTALS))
        store = make(self.folder / 'store', form='store', has_deltas=True)
        text = self.doctor(store, '--dcm-dictionary', store / 'dictionary.manifest')
        self.assertIn('\n  139 component manifests as delta (DCM)\n', text[:500])
        self.assertTrue(text.endswith('\n1 set, ' + TOTALS))

    def test_cabinets_before_another_judge(self):
        judge = shutil.which('7z')
        if judge is None:
            winnow_program.need('7z')
        cabinets = make(self.folder / 'cabinets', form='cabs') / 'media/Packages'
        name = 'Microsoft-NanoServer-DNS-Package'
        out = self.folder / 'out'
        done = subprocess.run([judge, 'x', '-y', f'-o{out}', cabinets / f'{name}.cab'], stdout=subprocess.PIPE, text=True,
                              check=False)
        self.assertIn('Everything is Ok', done.stdout)
        self.assertEqual(digests(out), digests(self.made / 'media/Packages' / name))

    def test_what_should_close_closes(self):
        for number, request in enumerate(self.expected['requests']):
            with self.subTest(arguments=request['arguments']):
                text = self.doctor(self.made, '--json', *request['arguments'],
                                   program=SANITIZED_PROGRAM if number == 0 else RELEASE_PROGRAM)
                closed = json.loads(text)
                self.assertEqual(sorted(closed['packages']), request['packages'])
                self.assertEqual(sorted(closed['components']), request['components'])
                self.assertEqual(sorted(row['identity'] for row in closed['missing']), request['missing'])
                self.assertEqual(sorted(row['package'] for row in closed['notApplicable']), request['inapplicable'])
                self.assertEqual(sorted(row['component'] for row in closed['dropped']), request['dropped'])
                self.assertEqual({row['name']: row['on'] for row in closed['features']}, request['features'])

    def test_what_the_maker_meant(self):
        """By hand, so that two programs that are wrong alike are found."""
        edition, *_, features, on_demand, updated = self.expected['requests']
        self.assertEqual([form.split('_')[1] for form in edition['dropped']],
                         ['contoso-windows-gate-falls', 'contoso-windows-gate-unmet'])
        self.assertFalse([form for form in edition['components'] if 'gate-reached' in form])
        self.assertEqual(features['features'],
                         {'Contoso-Hypervisor-All': True, 'Contoso-Hypervisor': True, 'Contoso-Hypervisor-Management': True,
                          'Contoso-Hypervisor-Tools': False})
        self.assertEqual([id_.split('~')[0] for id_ in on_demand['inapplicable']],
                         ['Contoso-SecureShell-Server-Desktop-Package'])
        self.assertEqual([form.split('_')[1:4:2] for form in updated['losers']], [['contoso-windows-mincore', '10.0.20348.1']])
        files = self.expected['files']
        self.assertEqual(files['Windows/System32/kinds.dll'], files['Program Files/Kinds/linked.dll'])
        self.assertIn('Windows/SysWOW64/sibling.dll', files)
        self.assertFalse([path for path in files if 'comctl' in path or 'Contoso.Managed' in path])

    def test_what_the_app_needs(self):
        self.assertEqual({module: form.split('_')[1] for module, form in self.expected['app'].items()},
                         {'kernel32.dll': 'contoso-windows-minkernel', 'kernelbase.dll': 'contoso-windows-minkernel',
                          'ntdll.dll': 'contoso-windows-minkernel', 'rpcrt4.dll': 'contoso-windows-mincore',
                          'sechost.dll': 'contoso-windows-mincore', 'ucrtbase.dll': 'contoso-windows-universalcrt',
                          'ws2_32.dll': 'contoso-windows-winsock'})

    def test_an_image_of_what_the_app_needs(self):
        manifest = self.folder / 'app.xml'
        manifest.write_text(f'''\
<app xmlns="urn:winnow:app:v1" name="hello" version="1.0">
  <feed path="{self.made}/media"/>
  <files source="{self.made}/app" to="C:\\app"/>
  <entry-point program="C:\\app\\hello.exe"/>
</app>
''')
        image = self.folder / 'hello.tar'
        self.succeed('compose', manifest, '--output', image, '--root', self.made / 'root.pem')
        listed = self.succeed('inspect', image)
        components = {form.split('_')[1] for form in self.expected['app'].values()}
        owners = {owner.lower() for owner in re.findall(r'owner=(Contoso\S+)', listed)}
        self.assertEqual(owners, components | {'contoso-windows-apisetschema'})
        for module in self.expected['app']:
            self.assertIn(f'\\{module}', listed)

    def compose(self, wanted, image, *arguments):
        manifest = self.folder / 'nano.xml'
        manifest.write_text(f'<app xmlns="urn:winnow:app:v1" name="nano" version="1.0">\n<feed path="{self.made}/media"/>\n'
                            f'{wanted}\n</app>\n')
        done = run('compose', manifest, '--output', image, '--root', self.made / 'root.pem', *arguments)
        lines = [line.removeprefix(f'{image}: ') for line in (done.stdout + done.stderr).splitlines()]
        return [line for line in lines if re.match('updated by|package|cannot|  note: give', line)]

    def installed(self, image):
        rows = [line.split() for line in self.succeed('list', image).splitlines()[1:]]
        return {row[0]: row[1] for row in rows if 'installed' in row}

    def test_updates(self):
        """The stack first, then what is cumulative, over all packages; and over one that is added later, again."""
        role = '<role name="Microsoft-NanoServer-DNS-Package"/>'
        msu = ('--servicing-package', self.made / 'updates/update.msu')
        stack = 'Package_for_ServicingStack_180 20348.180.1.0'
        raised = f'updated by Package_for_RollupFix 20348.200.1.2, {stack}: '
        image, added = self.folder / 'nano.vhdx', self.folder / 'dns.vhdx'
        self.assertEqual(self.compose(f'<role name="{EDITION}"/>', image, '--serviceable', *msu), [
            raised + '2 components raised (first: Contoso-Windows-Mincore 10.0.20348.1 to 10.0.20348.200)'])
        plan = self.succeed('inspect', image)
        for version in ('10.0.20348.1', '10.0.20348.200'):  # the older one stays in the store
            self.assertIn(f'f\tWindows\\WinSxS\\amd64_contoso-windows-winsock_77696e6e6f77feed_{version}_none_', plan)
        before = self.installed(image)
        self.assertEqual({name: before[name] for name in before if name.startswith('Package_')}, {
            'Package_1_for_KB5000002': '20348.200.1.2', 'Package_for_RollupFix': '20348.200.1.2',
            'Package_for_ServicingStack_180': '20348.180.1.0'})
        # The same packages again, from the image, and from a store that holds what the feed holds and has less installed.
        self.assertEqual(self.compose('', added, '--serviceable', '--base', image), [])
        self.assertEqual(self.installed(added), before)
        store = make(self.folder / 'store', form='store')
        self.assertEqual(self.compose('', added, '--serviceable', '--base', store / 'media'), [])
        self.assertEqual(self.installed(added), {name: version for name, version in before.items() if 'Package_' not in name})
        # A role: nobody knows what the update would raise of it until the update is there.
        self.assertEqual(self.compose(role, added, '--serviceable', '--base', image), [
            'cannot add package Microsoft-NanoServer-DNS-Package: update Package_for_RollupFix must be applied again over it',
            '  note: give its file with --servicing-package'])
        self.assertEqual(self.compose(role, added, '--serviceable', '--base', image, *msu), [
            raised + '3 components raised (first: Contoso-Role-DNS-0 10.0.20348.1 to 10.0.20348.200)'])
        self.assertEqual(set(self.installed(added)) - set(before), {'Microsoft-NanoServer-DNS-Package', 'Package_2_for_KB5000002'})

    def test_an_update_of_components(self):
        """Without packages, what an update has newer takes the place of the older one; its stack is not there to be asked."""
        cumulative = ('--servicing-package', self.made / 'updates/cumulative.cab')
        said = self.compose('<component name="Contoso-Windows-Dhcp"/>', self.folder / 'dhcp.tar', *cumulative)
        self.assertEqual(said, ['updated by Package_for_RollupFix 20348.200.1.2: 2 components raised (first: '
                                'Contoso-Windows-Mincore 10.0.20348.1 to 10.0.20348.200)'])
        said = self.compose(f'<role name="{EDITION}"/>', self.folder / 'nano.tar', *cumulative)
        self.assertEqual(said, [
            'updated by Package_for_RollupFix 20348.200.1.2: 2 components raised (first: Contoso-Windows-Mincore 10.0.20348.1 to '
            '10.0.20348.200)',
            'package Package_for_RollupFix asks for servicing stack 10.0.20348.180 or later: none is in the image, so this is not '
            'checked'])

    def test_payload_that_is_kept_compressed(self):
        """DCN and DCS, in a folder and inside a WIM: each file expanded, and the one that cannot be is named when it is used."""
        made = make(self.folder / 'packed', form='store', is_packed=True)
        trusted = ('--root', made / 'root.pem')
        self.assertTrue(self.doctor(made).endswith('\n1 set, ' + TOTALS))
        subprocess.run(['wimlib-imagex', 'capture', made / 'media', self.folder / 'x.wim', 'One', '--compress=fast'], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        manifest = self.folder / 'edition.xml'
        for media in (made / 'media', self.folder / 'x.wim'):
            manifest.write_text(f'<app xmlns="urn:winnow:app:v1" name="nano" version="1.0"><feed path="{media}"/>'
                                f'<role name="{EDITION}"/></app>')
            image = self.folder / f'{media.name}.tar'
            self.succeed('compose', manifest, '--output', image, *trusted)
            listed = {path.replace('\\', '/'): (digest, int(size)) for path, size, digest in
                      re.findall(r'^f\t(\S[^\t]*)\t.*size=(\d+)\t.*sha256=(\w+)', self.succeed('inspect', image), re.M)}
            self.assertEqual({path: listed.get(path) for path in self.expected['files']},
                             {path: tuple(row) for path, row in self.expected['files'].items()})
        manifest.write_text(manifest.read_text().replace(str(self.folder / 'x.wim'), str(made / 'media')))
        self.check_superseded_payload(made, manifest)
        path = next((made / 'media/Windows/WinSxS').rglob('kinds.dll'))
        for start, reason in ((b'DCD\1\1\0\x7c\x4f\0\0\x0a\0', 'it is kept as what differs (DCD) from the same file of version '
                               '10.0.20348.1 of its component'),
                              (b'DCX\1', 'it is compressed as DCX, which is not known here')):
            path.write_bytes(start.ljust(64, b'\0'))
            done = run('compose', manifest, '--output', self.folder / 'never.tar', *trusted)
            self.assertEqual((done.returncode, done.stderr.splitlines()[0]), (EXIT_INPUT, f'cannot expand {path}: {reason}'))
            self.assertFalse((self.folder / 'never.tar').exists())

    def check_superseded_payload(self, made, manifest):
        """What an image keeps of versions that lost is nobody's choice: it differs from another version, or is gone."""
        text = manifest.read_text()
        manifest.write_text(text.replace('</app>', '<role name="Package_for_KB5000001"/></app>'))
        planned = self.succeed('plan', manifest, '--root', made / 'root.pem')
        folder, = (made / 'media/Windows/WinSxS').glob('amd64_contoso-windows-mincore_*_10.0.20348.1_none_*')
        kept = {path: path.read_bytes() for path in sorted(folder.iterdir())}
        self.assertGreater(len(kept), 1)
        for number, path in enumerate(kept):
            path.unlink()  # it may be a hard link
            if number > 0:
                path.write_bytes(b'DCD\1\xa9\0\x7c\x4f\0\0\x0a\0'.ljust(64, b'\0'))
        again = self.succeed('plan', manifest, '--root', made / 'root.pem')
        self.assertEqual([line for line in again.splitlines() if 'provenance.json' not in line],
                         [line for line in planned.splitlines() if 'provenance.json' not in line])
        self.succeed('compose', manifest, '--serviceable', '--output', self.folder / 'updated.tar', '--root', made / 'root.pem')
        manifest.write_text(text)
        for path, content in kept.items():
            path.write_bytes(content)

    def test_another_root_is_not_taken(self):
        done = run('doctor', self.made / 'media', '--root', self.other / 'root.pem')
        self.assertEqual(done.returncode, EXIT_INPUT)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 52)
        catalog = f'{self.made}/media/Packages/Contoso-Nano-Edition/update.cat'
        self.assertEqual(lines[0], f'cannot trust {catalog}: it is signed by "winnow media signer", but '
                         '"winnow media root 1" is no root that was given')
        unsigned = make(self.folder / 'unsigned', is_signed=False)
        done = run('doctor', unsigned / 'media')
        self.assertEqual(done.returncode, EXIT_INPUT)
        self.assertEqual(done.stderr.splitlines()[:2],
                         [f'cannot trust {unsigned}/media/Packages/Contoso-Nano-Edition/update.cat: it is unsigned',
                          '  note: --allow-unsigned takes packages of your own'])


if __name__ == '__main__':
    winnow_program.need(RELEASE_PROGRAM, SANITIZED_PROGRAM, '/usr/bin/wimlib-imagex')
    winnow_program.main()
