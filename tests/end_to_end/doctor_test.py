#!/usr/bin/env python3
"""`winnow doctor` and `winnow list`: media of our own without a signature, what is missing from them, the same packages in
every form media have, and Microsoft's OpenSSH packages."""

import json
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

import winnow_program
from winnow_program import EXIT_INPUT, RELEASE_PROGRAM, SANITIZED_PROGRAM, ProgramTest

DATA = Path(__file__).resolve().parents[3] / 'shared/data'
IDENTITY = ('<assemblyIdentity name="{}" version="1.0.0.0" processorArchitecture="amd64" language="neutral" '
            'publicKeyToken="1234567890abcdef"/>')
ASSEMBLY = '<assembly xmlns="urn:schemas-microsoft-com:asm.v3" manifestVersion="1.0">\n{}\n</assembly>\n'


# For hivexsh: each package with its CurrentState.
REGISTRY = ''.join(f'add {name}\ncd {name}\n' for name in (
    'Microsoft', 'Windows', 'CurrentVersion', 'Component Based Servicing', 'Packages'))
REGISTRY += ''.join(f'add {name}\ncd {name}\nsetval 1\nCurrentState\ndword:{state:#x}\ncd ..\n' for name, state in (
    ('My-Package~1234567890abcdef~amd64~~1.0.0.0', 0x70), ('My-Gone~1234567890abcdef~amd64~en-US~1.0.0.0', 0x40)))


def tool(*command, **options):
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)


def run(*arguments):
    return winnow_program.run('doctor', *arguments, program=SANITIZED_PROGRAM)


class Doctor(ProgramTest):
    def media(self):
        media = self.folder / 'media'
        media.mkdir()
        package = (IDENTITY.format('My-Package') + '<package identifier="mine" releaseType="Feature Pack"><update name="u">'
                   f'<component>{IDENTITY.format("My-Component")}</component>'
                   f'<component>{IDENTITY.format("My-Other")}</component></update></package>')
        (media / 'update.mum').write_text(ASSEMBLY.format(package))
        (media / 'mine.manifest').write_text(ASSEMBLY.format(IDENTITY.format('My-Component')))
        return media

    def test_unsigned_packages_are_refused_unless_they_are_ones_own(self):
        media = self.media()
        done = run(media)
        self.assertEqual(done.returncode, EXIT_INPUT)
        self.assertEqual(done.stderr.replace(str(media), 'MEDIA'), '''\
cannot trust MEDIA/update.mum: no security catalog of the set names it
  note: --allow-unsigned takes packages of your own
cannot trust MEDIA/mine.manifest: no security catalog of the set names it
  note: --allow-unsigned takes packages of your own
''')
        text = self.succeed('doctor', media, '--allow-unsigned', program=SANITIZED_PROGRAM)
        self.assertEqual(text.replace(str(media), 'MEDIA'), '''\
MEDIA
  no security catalogs

package     version  arch   language  release type  updates  in a catalog
My-Package  1.0.0.0  amd64  neutral   Feature Pack        1  no

component     version  arch   language  files  registry keys  services  in a catalog
My-Component  1.0.0.0  amd64  neutral       0              0         0  no

named here, and not here:
             name      version  arch   language  found instead  wanted by
  component  My-Other  1.0.0.0  amd64  neutral   -              My-Package 1.0.0.0 amd64

1 set, 1 package, 1 component; missing 0 packages, 1 component; 0 faults
''')

    def test_json_has_the_faults_too(self):
        media = self.media()
        done = run(media, '--json')
        self.assertEqual((done.returncode, done.stderr), (EXIT_INPUT, ''))
        report = json.loads(done.stdout)
        self.assertEqual(report['schema'], 'winnow-doctor-1')
        self.assertEqual(len(report['faults']), 2)
        self.assertEqual([part['name'] for part in report['missing']], ['My-Other'])

    def test_what_is_no_media(self):
        self.assertEqual(run(self.folder / 'none').returncode, EXIT_INPUT)
        (self.folder / 'a.cab').write_bytes(b'text')
        done = run(self.folder / 'a.cab')
        self.assertEqual(done.returncode, EXIT_INPUT)
        self.assertRegex(done.stderr, r'\A[^\n]+a\.cab: [^\n]+\n\Z')

    def test_what_is_no_certificate_and_no_dictionary(self):
        media = self.media()
        done = run(media, '--root', media / 'update.mum')
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        self.assertEqual(done.stderr, f'cannot read certificates {media}/update.mum: there is no certificate\n')
        (self.folder / 'empty').touch()
        done = run(media, '--dcm-dictionary', self.folder / 'empty')
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        self.assertEqual(done.stderr, f'cannot read the dictionary of manifests from {self.folder}/empty: it is empty\n')

    def test_list_of_packages_components_and_features(self):
        media = self.media()
        (media / 'update.mum').write_text((media / 'update.mum').read_text().replace(
            '</update>', '</update><update name="My-Feature"><selectable disposition="staged"><detectNone default="true"/>'
            '</selectable></update><update name="My-Part"><selectable disposition="staged"><detectNone default="false"/>'
            '</selectable><applicable disposition="detect"><detectUpdate><update name="My-Feature"/></detectUpdate>'
            '</applicable></update>'))
        self.assertEqual(self.succeed('list', media, program=SANITIZED_PROGRAM), '''\
package     version  arch   language  release type  components  files  payload
My-Package  1.0.0.0  amd64  neutral   Feature Pack           1      0        0
''')
        self.assertEqual(self.succeed('list', media, '--components', program=SANITIZED_PROGRAM), '''\
component     version  arch   language  files  not here  payload
My-Component  1.0.0.0  amd64  neutral       0         0        0
''')
        self.assertEqual(self.succeed('list', media, '--features', program=SANITIZED_PROGRAM), '''\
feature     by default  needs any of  package
My-Feature  on          -             My-Package~1234567890abcdef~amd64~~1.0.0.0
My-Part     off         My-Feature    My-Package~1234567890abcdef~amd64~~1.0.0.0
''')

    def store(self):
        media = self.media()
        windows = self.folder / 'image/Windows'
        for source, target in (('update.mum', 'servicing/Packages/My-Package~1234567890abcdef~amd64~~1.0.0.0.mum'),
                               ('mine.manifest', 'WinSxS/Manifests/mine.manifest')):
            (windows / target).parent.mkdir(parents=True)
            shutil.copy(media / source, windows / target)
        return self.folder / 'image'

    def test_state_of_an_images_packages(self):
        hive = DATA / 'hives/minimal'
        if not hive.exists():
            raise unittest.SkipTest('../shared/data is not here')
        image = self.store()
        software = image / 'Windows/System32/config/SOFTWARE'
        software.parent.mkdir(parents=True)
        shutil.copy(hive, software)
        software.chmod(0o644)
        (self.folder / 'commands').write_text(REGISTRY + 'commit\n')
        tool('hivexsh', '-w', '-f', self.folder / 'commands', software)
        self.succeed('convert', image, self.folder / 'x.vhdx', program=SANITIZED_PROGRAM)
        tool('wimlib-imagex', 'capture', image, self.folder / 'x.wim', 'One')
        for name in ('image', 'x.vhdx', 'x.wim'):
            with self.subTest(name):
                self.assertEqual(self.succeed('list', self.folder / name, program=SANITIZED_PROGRAM).split('\n\n')[-1], '''\
package     version  arch   language  release type  state                components  files  payload
My-Gone     1.0.0.0  amd64  en-US     -             staged, no manifest           0      0        0
My-Package  1.0.0.0  amd64  neutral   Feature Pack  installed                     1      0        0
''')

    def test_the_same_packages_in_every_form(self):
        image = self.folder / 'made/media'
        tool(sys.executable, winnow_program.ROOT / 'tools/dev/make_media.py', image.parent, '--form', 'store', '--components',
             '200')
        tool('wimlib-imagex', 'capture', image, self.folder / 'x.wim', 'One')
        tool('wimlib-imagex', 'capture', image, self.folder / 'x.esd', 'One', '--solid')
        (self.folder / 'disc/sources').mkdir(parents=True)
        shutil.copy(self.folder / 'x.wim', self.folder / 'disc/sources/install.wim')
        tool('genisoimage', '-quiet', '-udf', '-o', self.folder / 'x.iso', self.folder / 'disc')
        for name in ('x.vhdx', 'x.vhd'):
            self.succeed('convert', image, self.folder / name, program=RELEASE_PROGRAM)
        shapes = {}
        for name in ('made/media', 'x.wim', 'x.esd', 'x.iso', 'x.vhdx', 'x.vhd'):
            program = SANITIZED_PROGRAM if name in ('x.esd', 'x.vhd') else RELEASE_PROGRAM  # the rest took ten seconds
            report = json.loads(self.succeed('doctor', self.folder / name, '--root', image.parent / 'root.pem', '--json',
                                             program=program))
            for row in report['packages'] + report['components']:
                row['catalog'] = bool(row['catalog'])
            only = report['sets'][0]
            shapes[name] = (report['packages'], report['components'], report['missing'], report['faults'], only['files'],
                            only['bytes'], len(report['sets']))
        self.assertGreater(shapes['x.wim'][4], 100)
        self.assertEqual(shapes['x.wim'][3], [])
        for name, shape in shapes.items():
            self.assertEqual(shape, shapes['x.wim'], name)

    def test_openssh_packages(self):
        if not DATA.exists():
            raise unittest.SkipTest('../shared/data is not here')
        media = DATA / 'openssh-19041'
        done = run(media)
        self.assertEqual(done.returncode, EXIT_INPUT)
        self.assertIn('it is a delta (DCM), and no dictionary was given', done.stderr)
        report = json.loads(self.succeed('doctor', media, '--json', '--dcm-dictionary', DATA / 'dcm/base-dictionary.manifest',
                                         program=SANITIZED_PROGRAM))
        self.assertEqual((len(report['packages']), len(report['components'])), (6, 8))
        self.assertEqual((report['missing'], report['faults']), ([], []))
        self.assertEqual([set_['files'] for set_ in report['sets']], [8, 9])
        self.assertEqual({catalog['state'] for set_ in report['sets'] for catalog in set_['catalogs']}, {'unknown-root'})
        self.assertTrue(all(package['catalog'] for package in report['packages']))


if __name__ == '__main__':
    winnow_program.need(RELEASE_PROGRAM, SANITIZED_PROGRAM)
    winnow_program.main()
