#!/usr/bin/env python3
"""Windows media with one thing wrong: each makes one clear error, which names the file or the package, and who asked."""

import json
import sys
from hashlib import sha256

import winnow_program
from winnow_program import EXIT_DONE, EXIT_INPUT, EXIT_UNSATISFIABLE, ROOT, SANITIZED_PROGRAM, ProgramTest, run

sys.path.insert(0, str(ROOT / 'tools/dev'))
sys.dont_write_bytecode = True

from windows_media.cabinet import STORED, build_cabinet  # noqa: E402
from windows_media.component import Component, deployment  # noqa: E402
from windows_media.core_windows import identity  # noqa: E402
from windows_media.identity import Identity  # noqa: E402
from windows_media.media import MediaSet  # noqa: E402
from windows_media.package import Package, Parent, Update  # noqa: E402
from windows_media.security_catalog import Signer, build_catalog  # noqa: E402
from windows_media.write_media import set_members, write_file  # noqa: E402

VERSION = '10.0.20348.1'
DATACENTER = 'Nano-Datacenter'


def package(name, parents=(), updates=(), release_type='Feature Pack'):
    return Package(Identity(name, VERSION), release_type, list(updates), list(parents))


def parent(name, **compare):
    return Parent([Identity(name, VERSION)], compare or {'build': 'GE'})


class BadMedia(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.signer = Signer(1)

    def small_set(self):
        """A package, its deployment, a component of two files."""
        shell = Component(identity('Shell'))
        shell.add_file('shell.dll', b'MZ the shell' * 100).add_file('shell.ini', b'[shell]\r\n')
        pinned = deployment(identity('Shell-Deployment'), [shell])
        top = package('Shell-Package', updates=[Update('all', components=[pinned.identity])])
        self.form = shell.identity.key_form
        return MediaSet('shell', packages=[top], components=[shell, pinned])

    def write_folder(self, media_set):
        for name, data in set_members(media_set, self.signer).items():
            write_file(self.folder / 'media' / name, data)
        (self.folder / 'root.pem').write_text(self.signer.root_pem())

    def doctor(self, *arguments, media='media'):
        done = run('doctor', self.folder / media, '--root', self.folder / 'root.pem', *arguments, program=SANITIZED_PROGRAM)
        return done.returncode, done.stdout, done.stderr.replace(str(self.folder), 'HERE')

    def assert_refused(self, message, *arguments, **options):
        code, _, errors = self.doctor(*arguments, **options)
        self.assertEqual((code, errors), (EXIT_INPUT, message))

    # What the media's bytes are.

    def write_cabinet(self, change):
        (self.folder / 'root.pem').write_text(self.signer.root_pem())
        (self.folder / 'bad.cab').write_bytes(change(build_cabinet(set_members(self.small_set(), self.signer), STORED)))

    def test_a_cabinet_that_was_changed(self):
        self.write_cabinet(lambda cabinet: cabinet.replace(b'MZ the shell', b'MZ the shel1', 1))
        code, _, errors = self.doctor(media='bad.cab')
        self.assertEqual(code, EXIT_INPUT)
        self.assertRegex(errors, rf'\Acannot take "{self.form}/shell\.\w+" from HERE/bad\.cab: checksum error [^\n]*\n\Z')

    def test_a_cabinet_that_was_cut(self):
        self.write_cabinet(lambda cabinet: cabinet[:4000])
        whole = len(build_cabinet(set_members(self.small_set(), self.signer), STORED))
        self.assert_refused(f'cannot unpack HERE/bad.cab: it has 4000 bytes, its header says {whole}\n', media='bad.cab')

    def test_a_name_that_leads_out_of_the_cabinet(self):
        (self.folder / 'root.pem').write_text(self.signer.root_pem())
        (self.folder / 'bad.cab').write_bytes(build_cabinet({'..\\..\\shell.dll': b'MZ', 'update.mum': b'<a/>'}))
        self.assert_refused('cannot take "../../shell.dll" from HERE/bad.cab: its path has a ".." component\n', media='bad.cab')

    def test_payload_that_is_not_what_its_manifest_states(self):
        media_set = self.small_set()
        self.write_folder(media_set)
        (self.folder / 'media' / self.form / 'shell.ini').write_bytes(b'[shelf]\r\n')
        (self.folder / 'media' / self.form / 'shell.dll').unlink()
        found, stated = (sha256(text).hexdigest() for text in (b'[shelf]\r\n', b'[shell]\r\n'))
        self.assert_refused(f'''\
cannot use HERE/media/{self.form}.manifest: its file "shell.dll" is not in the set
cannot use HERE/media/{self.form}/shell.ini: its SHA-256 is {found}, {self.form}.manifest says {stated}
''')

    # Who signed.

    def test_a_catalog_that_nobody_signed(self):
        self.write_folder(self.small_set())
        members = set_members(self.small_set(), None)
        (self.folder / 'media/update.cat').write_bytes(members['update.cat'])
        self.assert_refused('cannot trust HERE/media/update.cat: it is unsigned\n'
                            '  note: --allow-unsigned takes packages of your own\n')

    def test_a_catalog_that_was_changed(self):
        self.write_folder(self.small_set())
        catalog = self.folder / 'media/update.cat'
        data = bytearray(catalog.read_bytes())
        data[data.index(b'220701120000Z')] += 1
        catalog.write_bytes(data)
        self.assert_refused('cannot trust HERE/media/update.cat: it is not as it was signed: its signature is not that of its '
                            'list\n')

    def test_a_manifest_that_its_catalog_does_not_name(self):
        self.write_folder(self.small_set())
        manifest = self.folder / 'media' / (self.form + '.manifest')
        manifest.write_bytes(manifest.read_bytes().replace(b'winnow', b'others'))
        self.assert_refused(f'cannot trust HERE/media/{self.form}.manifest: no security catalog of the set names it\n'
                            '  note: --allow-unsigned takes packages of your own\n')

    # What the manifests say.

    def write_packages(self, packages, components=()):
        self.write_folder(MediaSet('packages', packages=list(packages), components=list(components)))

    def test_another_version_than_asked_for(self):
        old = Component(identity('Shell', '10.0.18945.1001'))
        pinned = deployment(identity('Shell-Deployment'), [Component(identity('Shell', '10.0.19041.1'))])
        self.write_packages([package('Shell-Package', updates=[Update('all', components=[pinned.identity])])], [old, pinned])
        code, out, errors = self.doctor('--package', 'Shell-Package')
        form = pinned.identity.key_form
        self.assertEqual((code, out.replace(str(self.folder), 'HERE'), errors), (EXIT_UNSATISFIABLE, f'''\
1 package and 1 component close; 1 reference missing
  component Shell 10.0.19041.1 amd64: found 10.0.18945.1001, wanted 10.0.19041.1
    asked for by Shell-Deployment (HERE/media/{form}.manifest:5)
''', ''))

    def test_a_parent_that_is_not_there(self):
        self.write_packages([package('OpenSSH', [parent('Nano-Edition'), parent('Client-Features', build='EQ', revision='GE')])])
        self.assert_refused('''\
HERE/media/OpenSSH~77696e6e6f77feed~amd64~~10.0.20348.1.mum: cannot install OpenSSH 10.0.20348.1 amd64: none of its parents \
is there
  note: needs Nano-Edition build at least 20348: it is not there
  note: needs Client-Features build 20348, revision at least 1: it is not there
''', '--package', 'OpenSSH')

    def test_an_edition_that_a_package_is_not_for(self):
        self.write_packages([package(DATACENTER, release_type='Product'), package('Nano-Standard', release_type='Product'),
                             package('Microsoft-NanoServer-ShieldedVM-Package', [parent(DATACENTER)]),
                             package('Microsoft-NanoServer-SecureStartup-Package')])
        self.assert_refused('''\
HERE/media/Microsoft-NanoServer-ShieldedVM-Package~77696e6e6f77feed~amd64~~10.0.20348.1.mum: cannot install \
Microsoft-NanoServer-ShieldedVM-Package 10.0.20348.1 amd64: none of its parents is there
  note: needs the edition Nano-Datacenter build at least 20348: the edition here is Nano-Standard
''', '--package', 'Nano-Standard', '--package', 'Microsoft-NanoServer-ShieldedVM-Package')
        self.assert_refused('cannot add role "shielded-vm": it is for edition datacenter, the image is standard\n',
                            '--package', 'Nano-Standard', '--role', 'shielded-vm', '--role', 'secure-startup',
                            '--edition', 'standard')

    def test_packages_that_contain_one_another(self):
        names = ('Shell', 'Desktop', 'Icons')
        chain = [package(name, updates=[Update('all', [(Identity(following, VERSION), False)])])
                 for name, following in zip(names, (*names[1:], names[0]))]
        self.write_packages(chain)
        self.assert_refused('''\
HERE/media/Desktop~77696e6e6f77feed~amd64~~10.0.20348.1.mum: cannot install Desktop 10.0.20348.1 amd64: it contains itself
  note: Desktop -> Icons -> Shell -> Desktop
''', '--package', 'Shell')

    def test_features_that_wait_for_one_another(self):
        first, second = (Update(name, is_selectable=True, is_default=True, needs=[other])
                         for name, other in (('First', 'Second'), ('Second', 'First')))
        self.write_packages([package('Shell', updates=[first, second])])
        code, out, errors = self.doctor('--package', 'Shell', '--feature', 'First')
        self.assertEqual((code, out, errors), (EXIT_DONE, '''\
1 package and 0 components close; 0 references missing
feature First: off, waits for itself: First -> Second -> First
feature Second: off, waits for itself: Second -> First -> Second
''', ''))

    def test_two_winners_that_write_one_file(self):
        writers = [Component(identity(name)).add_file('shell.dll', b'MZ of ' + name.encode()) for name in ('Shell', 'Desktop')]
        same = Component(identity('Copy')).add_file('copy.dll', b'MZ same').add_file('other.dll', b'MZ other')
        again = Component(identity('Again')).add_file('copy.dll', b'MZ same')
        update = Update('all', components=[component.identity for component in (*writers, same, again)])
        self.write_packages([package('Shell-Package', updates=[update])], [*writers, same, again])
        code, out, errors = self.doctor('--package', 'Shell-Package')
        shell, desktop = writers
        self.assertEqual((code, out.replace(str(self.folder), 'HERE'), errors), (EXIT_UNSATISFIABLE, f'''\
1 package and 4 components close; 0 references missing; 1 conflict
conflict: different files for Windows\\System32\\shell.dll
  Desktop 10.0.20348.1 amd64 (HERE/media/{desktop.identity.key_form}.manifest) has SHA-256 \
{sha256(desktop.files[0].data).hexdigest()[:16]}…
  Shell 10.0.20348.1 amd64 (HERE/media/{shell.identity.key_form}.manifest) has SHA-256 \
{sha256(shell.files[0].data).hexdigest()[:16]}…
''', ''))
        code, out, _ = self.doctor('--package', 'Shell-Package', '--json')
        self.assertEqual([[row['path'], len(row['writers'])] for row in json.loads(out)['conflicts']],
                         [['Windows\\System32\\shell.dll', 2]])

    def test_two_manifests_of_one_identity(self):
        one = Component(identity('Shell')).add_file('shell.dll', b'MZ one')
        two = Component(identity('Shell')).add_file('shell.dll', b'MZ two')
        self.write_packages([package('Shell-Package')], [one])
        other = set_members(MediaSet('b', packages=[package('Other-Package')], components=[two]), self.signer)
        (self.folder / 'media/other.cab').write_bytes(build_cabinet(other))
        form = one.identity.key_form
        self.assert_refused(f'''\
cannot use HERE/media/other.cab/{form}.manifest: another manifest has the identity Shell 10.0.20348.1 amd64
  note: the other is HERE/media/{form}.manifest
''')

    def test_a_catalog_of_another_set(self):
        """A catalog signs for the manifests beside it, not for all media."""
        self.write_folder(self.small_set())
        (self.folder / 'media/update.cat').unlink()
        write_file(self.folder / 'other/update.cat', build_catalog([b'x'], self.signer))
        code, _, errors = self.doctor()
        self.assertEqual((code, errors.count('no security catalog of the set names it')), (EXIT_INPUT, 3))


if __name__ == '__main__':
    winnow_program.need(SANITIZED_PROGRAM)
    winnow_program.main()
