#!/usr/bin/env python3
"""`winnow doctor MEDIA --package`: what closes of Windows packages, what is missing and who asks for it."""

import json

import winnow_program
from winnow_program import EXIT_UNSATISFIABLE, ROOT, SANITIZED_PROGRAM, ProgramTest, run

TOKEN = '31bf3856ad364e35'
NANO_SERVER = ROOT.parent / 'shared/data/nanoserver-19041'


def identity(name, version='10.0.19041.1', language='neutral'):
    return (f'<assemblyIdentity name="{name}" version="{version}" processorArchitecture="amd64" language="{language}" '
            f'publicKeyToken="{TOKEN}" versionScope="nonSxS"/>')


class MediaClosureTest(ProgramTest):
    def write_package(self, name, body, **package):
        attributes = ''.join(f' {key}="{value}"' for key, value in package.items())
        (self.folder / f'{name}.mum').write_text(
            '<assembly xmlns="urn:schemas-microsoft-com:asm.v3" manifestVersion="1.0">\n'
            f'{identity(name)}\n<package identifier="{name}"{attributes}>\n{body}\n</package>\n</assembly>\n')

    def write_component(self, name, body='', **options):
        (self.folder / f'{name}.manifest').write_text(
            '<assembly xmlns="urn:schemas-microsoft-com:asm.v3" manifestVersion="1.0">\n'
            f'{identity(name, **options)}\n{body}\n</assembly>\n')

    def write_set(self):
        self.write_package('Edition', f'<update name="a">\n<package contained="false">{identity("Part")}</package>\n'
                           f'<package contained="false">{identity("Gone")}</package>\n</update>', releaseType='Product')
        self.write_package('Part', '<localizedStrings/>\n<update name="b">\n'
                           f'<component>{identity("shell")}</component>\n<component>{identity("other")}</component>\n'
                           '</update>')
        self.write_package('OpenSSH', f'<parent buildCompare="GE">{identity("Client")}</parent>',
                           releaseType='OnDemand Pack')
        self.write_component('shell', '<migration/>')
        self.write_component('other', version='10.0.18945.1001')

    def doctor(self, *arguments):
        return run('doctor', self.folder, '--allow-unsigned', *arguments, program=SANITIZED_PROGRAM)

    def test_one_package(self):
        self.write_set()
        done = self.doctor('--package', 'edition')
        self.assertEqual((done.returncode, done.stderr), (EXIT_UNSATISFIABLE, ''))
        self.assertEqual(done.stdout, f"""\
2 packages and 1 component close; 2 references missing
  package Gone 10.0.19041.1 amd64
    asked for by Edition ({self.folder}/Edition.mum:6)
  component other 10.0.19041.1 amd64: found 10.0.18945.1001, wanted 10.0.19041.1
    asked for by Part ({self.folder}/Part.mum:7)
read and not applied:
  1 x migration
  1 x package/localizedStrings
""")
        document = json.loads(self.doctor('--package', 'edition', '--json').stdout)
        self.assertEqual([row['identity'] for row in document['missing']],
                         ['Gone 10.0.19041.1 amd64', 'other 10.0.19041.1 amd64'])
        self.assertEqual(document['notApplied'], {'migration': 1, 'package/localizedStrings': 1})

    def test_another_version_may_answer(self):
        self.write_set()
        done = self.doctor('--package', 'Part', '--any-version')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertEqual(done.stdout.splitlines()[0],
                         '1 package and 2 components close, 1 of them in another version than asked for; '
                         '0 references missing')

    def test_nano_server(self):
        if not NANO_SERVER.exists():
            self.skipTest(f'{NANO_SERVER} is not here')
        done = run('doctor', NANO_SERVER, '--package', 'Microsoft-Windows-ServerDatacenterNanoEdition', '--any-version',
                   '--allow-unsigned', program=SANITIZED_PROGRAM)
        self.assertEqual((done.returncode, done.stderr),
                         (EXIT_UNSATISFIABLE, f'{NANO_SERVER}: 41 faults besides; winnow doctor without a package lists '
                          'what is wrong\n'))
        self.assertTrue(done.stdout.startswith('37 packages and 40 components close'), done.stdout[:100])
        self.assertIn('; 64 references missing\n', done.stdout)


if __name__ == '__main__':
    winnow_program.need(SANITIZED_PROGRAM)
    winnow_program.main()
