#!/usr/bin/env python3
"""Bad input of every kind: one clear error each, tested whole; the right exit code; nothing left behind."""

import hashlib
import io
import os
import shutil
import struct
import tarfile
import zipfile

import winnow_program
from winnow_program import (APPS, EXIT_INPUT, EXIT_UNSATISFIABLE, EXIT_USAGE, FEED, SANITIZED_PROGRAM, ProgramTest,
                            names_below, run)

PROGRAM = APPS / 'console-hello/console_hello.exe'
FILES = '  <files source="app" to="C:\\app"/>\n'


def manifest_text(body, role='base'):
    """An app manifest whose `body` starts in line 4."""
    return (f'<app xmlns="urn:winnow:app:v1" name="bad" version="1.0">\n  <feed path="{FEED}"/>\n'
            f'  <role name="{role}"/>\n{body}</app>\n')


class BadInputTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.manifest = self.folder / 'bad.xml'
        self.app = self.folder / 'app'
        self.app.mkdir()
        self.output = self.folder / 'out'
        self.output.mkdir()

    def write_manifest(self, body, **options):
        self.manifest.write_text(manifest_text(body, **options), encoding='utf-8')

    def refuse(self, message, code=EXIT_INPUT, manifest=None):
        """Composing ends with exactly this message ({folder} stands for the test's folder) and leaves nothing."""
        before = names_below(self.folder)
        done = run('compose', manifest or self.manifest, '--output', self.output / 'image.tar',
                   '--lock', self.output / 'image.lock', program=SANITIZED_PROGRAM)
        self.assertEqual(done.stderr, message.replace('{folder}', str(self.folder)))
        self.assertEqual((done.returncode, done.stdout), (code, ''))
        self.assertEqual(names_below(self.folder), before)


class Manifests(BadInputTest):
    def test_missing(self):
        self.refuse('cannot read {folder}/bad.xml: no such file or directory\n')

    def test_xml_bomb(self):
        entities = ''.join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};&e{n - 1};">' for n in range(1, 30))
        self.manifest.write_text(f'<!DOCTYPE app [<!ENTITY e0 "boom">{entities}]>\n<app>&e29;</app>\n')
        self.refuse('{folder}/bad.xml:1:1: cannot parse XML: <!DOCTYPE and other declarations are not accepted\n')

    def test_deep_nesting(self):
        self.write_manifest('<files>' * 100_000 + '</files>' * 100_000)
        self.refuse('{folder}/bad.xml:4:442: cannot parse XML: elements are nested more than 64 deep\n')

    def test_not_well_formed(self):
        self.write_manifest('  <files source="app" to="C:\\app"></file>\n')
        self.refuse('{folder}/bad.xml:4:35: cannot parse XML: <files> is closed by </file>\n')

    def test_a_path_that_leaves_the_image(self):
        self.write_manifest('  <files source="app" to="..\\.."/>\n')
        self.refuse('{folder}/bad.xml:4:23: cannot use path "..\\..": ".." would leave its place\n')

    def test_every_fault_is_reported_in_order(self):
        self.write_manifest('  <file source="app" to="C:\\app"/>\n  <entry-point/>\n', role='base')
        self.refuse('{folder}/bad.xml:4:4: cannot read <file>: <app> has no such element\n'
                    '  note: did you mean <files>?\n'
                    '{folder}/bad.xml:5:4: cannot read <entry-point>: its attribute "program" is missing\n')

    def test_an_include_cycle(self):
        self.write_manifest('  <include path="other.xml"/>\n')
        (self.folder / 'other.xml').write_text('<app xmlns="urn:winnow:app:v1"><include path="bad.xml"/></app>\n')
        self.refuse('{folder}/other.xml:1:33: cannot include "{folder}/bad.xml": it includes itself\n'
                    '  note: {folder}/bad.xml includes {folder}/other.xml includes {folder}/bad.xml\n')

    def test_an_unknown_role(self):
        self.write_manifest('', role='bsae')
        self.refuse('{folder}/bad.xml:3:4: cannot resolve role "bsae": no package provides it\n'
                    '  note: did you mean "base"?\n')


class Payloads(BadInputTest):
    def archive(self, name, entries):
        with tarfile.open(self.folder / name, 'w:gz') as archive:
            for path, data in entries:
                entry = tarfile.TarInfo(path)
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
        return hashlib.sha256((self.folder / name).read_bytes()).hexdigest()

    def take_archive(self, name, digest):
        self.write_manifest(f'  <files source="{name}" sha256="{digest}" to="C:\\app"/>\n')

    def test_a_missing_folder(self):
        self.write_manifest('  <files source="nowhere" to="C:\\app"/>\n')
        self.refuse('{folder}/bad.xml:4:4: cannot read {folder}/nowhere: no such file or directory\n')

    def test_a_wrong_sha256(self):
        digest = self.archive('app.tgz', [('x.txt', b'x')])
        self.take_archive('app.tgz', '0' * 64)
        self.refuse(f'{{folder}}/bad.xml:4:4: cannot use {{folder}}/app.tgz: its SHA-256 is {digest}, expected {"0" * 64}\n')

    def test_a_truncated_archive(self):
        self.archive('app.tgz', [('x.bin', bytes(range(256)) * 400)])
        data = (self.folder / 'app.tgz').read_bytes()
        (self.folder / 'app.tgz').write_bytes(data[:len(data) // 2])
        self.take_archive('app.tgz', hashlib.sha256(data[:len(data) // 2]).hexdigest())
        self.refuse('{folder}/bad.xml:4:4: cannot unpack {folder}/app.tgz: truncated gzip input\n')

    def test_an_archive_that_climbs_out(self):
        self.take_archive('app.tgz', self.archive('app.tgz', [('../evil.exe', b'x')]))
        self.refuse('{folder}/bad.xml:4:4: cannot take "../evil.exe" from {folder}/app.tgz: its path has a ".." component\n')

    def test_a_zip_entry_with_backslashes_that_climbs_out(self):
        with zipfile.ZipFile(self.folder / 'app.zip', 'w') as archive:
            archive.writestr(zipfile.ZipInfo('..\\evil.exe'), b'x')
        self.take_archive('app.zip', hashlib.sha256((self.folder / 'app.zip').read_bytes()).hexdigest())
        self.refuse('{folder}/bad.xml:4:4: cannot take "../evil.exe" from {folder}/app.zip: its path has a ".." component\n')

    def test_a_link_in_the_app_folder(self):
        (self.app / 'link.txt').symlink_to('/etc/passwd')
        self.write_manifest(FILES)
        self.refuse('{folder}/bad.xml:4:4: cannot take {folder}/app/link.txt: it is neither a file nor a folder\n')

    def test_names_that_differ_in_case_only(self):
        (self.app / 'Readme.txt').write_text('one')
        (self.app / 'README.TXT').write_text('two')
        self.write_manifest(FILES)
        self.refuse('{folder}/bad.xml:4:4: cannot plan file "app\\Readme.txt": "app\\README.TXT" differs from it only in case\n'
                    '  note: owner bad\n')

    def test_two_owners_of_one_path(self):
        (self.app / 'kernel32.dll').write_text('mine')
        self.write_manifest('  <files source="app" to="C:\\Windows\\System32"/>\n')
        self.refuse('{folder}/bad.xml:4:4: cannot plan file "Windows\\System32\\kernel32.dll": two owners bring it\n'
                    '  note: owners Wine-kernel32.dll and bad\n')


class Binaries(BadInputTest):
    def take_program(self, change):
        """Puts the sample program, as change(bytearray) leaves it, into the app's folder."""
        data = bytearray(PROGRAM.read_bytes())
        (self.app / 'app.exe').write_bytes(change(data) or data)
        self.write_manifest(FILES)

    def test_a_truncated_program(self):
        self.take_program(lambda data: data[:200])
        self.refuse('{folder}/bad.xml:4:4: cannot read PE file app\\app.exe: its optional header is cut off\n')

    def test_wild_addresses(self):
        def point_imports_outside(data):
            optional_header = struct.unpack_from('<I', data, 0x3c)[0] + 24
            struct.pack_into('<I', data, optional_header + 112 + 8, 0x7fffff00)  # import directory of a PE32+ file
        self.take_program(point_imports_outside)
        self.refuse('{folder}/bad.xml:4:4: cannot read PE file app\\app.exe: the import directory lies outside the file (RVA 0x7fffff0c)\n')

    def test_a_module_that_no_feed_has(self):
        def rename_import(data):
            at = data.index(b'msvcrt.dll')
            data[at:at + 10] = b'msvcrx.dll'
        self.take_program(rename_import)
        self.refuse('{folder}/bad.xml:4:4: cannot resolve module "msvcrx.dll": no feed has it\n'
                    '  note: needed by C:\\app\\app.exe\n  note: nearest name: msvcrt.dll\n', EXIT_UNSATISFIABLE)

    def test_a_needed_module_that_is_excluded(self):
        shutil.copy(PROGRAM, self.app)
        self.write_manifest(FILES + '  <exclude name="msvcrt.dll"/>\n')
        self.refuse('{folder}/bad.xml:5:4: cannot leave out Wine-msvcrt.dll: C:\\app\\console_hello.exe imports msvcrt.dll\n'
                    '  note: drop the exclusion, or what needs it\n', EXIT_UNSATISFIABLE)

    def test_an_entry_point_that_is_not_there(self):
        shutil.copy(PROGRAM, self.app)
        self.write_manifest(FILES + '  <entry-point program="C:\\app\\other.exe"/>\n')
        self.refuse('{folder}/bad.xml:5:4: cannot use entry point "C:\\app\\other.exe": no file of the image has that '
                    'name\n')


class Feeds(BadInputTest):
    def test_a_feed_that_is_not_there(self):
        self.manifest.write_text('<app xmlns="urn:winnow:app:v1" name="bad" version="1.0"><feed path="none"/></app>\n')
        self.refuse('cannot read {folder}/none: no such file or directory\n'
                    '  note: a feed is a folder with an index.xml, such as "winnow feed open --output DIR" makes, or media with '
                    'Windows\' own packages\n')

    def test_a_manifest_that_is_not_what_the_index_says(self):
        feed = self.folder / 'feed'
        shutil.copytree(FEED, feed, copy_function=os.link)
        shutil.copy(PROGRAM, self.app)
        damaged = next(path for path in sorted(feed.rglob('*.manifest')) if 'kernel32' in path.name.lower())
        text = damaged.read_bytes()
        damaged.unlink()  # the link, not the file of the real feed
        damaged.write_bytes(text + b'<!-- -->')
        self.manifest.write_text(manifest_text(FILES).replace(str(FEED), 'feed'))
        self.refuse(f'cannot use {damaged}: its SHA-256 is {hashlib.sha256(text + b"<!-- -->").hexdigest()}, expected '
                    f'{hashlib.sha256(text).hexdigest()}\n  note: expected by {self.folder}/feed/index.xml\n')


class Usage(BadInputTest):
    def test_a_verb_that_is_none(self):
        done = run('compress', program=SANITIZED_PROGRAM)
        self.assertEqual(done.returncode, EXIT_USAGE)
        self.assertEqual(done.stdout, '')

    def test_an_output_whose_name_says_no_format(self):
        self.write_manifest('')
        done = run('compose', self.manifest, '--output', self.output / 'image.qcow2', program=SANITIZED_PROGRAM)
        self.assertEqual(done.returncode, EXIT_INPUT)
        self.assertRegex(done.stderr, r'image\.qcow2')
        self.assertEqual(names_below(self.output), [])


if __name__ == '__main__':
    winnow_program.need(SANITIZED_PROGRAM, FEED, PROGRAM)
    winnow_program.main()
