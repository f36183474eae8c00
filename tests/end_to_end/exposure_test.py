#!/usr/bin/env python3
"""winnow exposure over the sample months of Microsoft's security updates: its counts are those that Python's own XML parser
counts in the same documents, whatever they are written in, and what is damaged is one error."""

import csv
import functools
import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict

import winnow_program
from winnow_program import EXIT_DONE, EXIT_INPUT, EXIT_USAGE, ROOT, SKIPPED, ProgramTest, run

SAMPLES = ROOT.parent / 'shared' / 'data' / 'msrc-cvrf'
VULN = '{http://www.icasi.org/CVRF/schema/vuln/1.1}'
PROD = '{http://www.icasi.org/CVRF/schema/prod/1.1}'
CVRF = '{http://www.icasi.org/CVRF/schema/cvrf/1.1}'
SERVER = 'Windows Server 2012 R2'
CORE = 'Windows Server 2012 R2 (Server Core installation)'
RANKS = ['', 'Low', 'Moderate', 'Important', 'Critical']
WORDS = {'': 'unrated', 'Low': 'low', 'Moderate': 'moderate', 'Important': 'important', 'Critical': 'critical'}
PROGRAM = winnow_program.RELEASE_PROGRAM  # 17 months of documents, many times over


def unpack(path):
    return subprocess.run(['zstd', '-dcq', path], check=True, capture_output=True).stdout


def squeeze(text):
    return ' '.join((text or '').split())


def is_of(product, wanted):
    """As the report chooses: the product itself, and what runs on it."""
    return product == wanted or product.rpartition(' on ')[2] == wanted


class Month:
    """A document as Python's XML parser reads it."""

    def __init__(self, path):
        self.path = path
        self.root = ElementTree.fromstring(unpack(path))
        released = self.root.findtext(f'{CVRF}DocumentTracking/{CVRF}InitialReleaseDate')
        self.month, self.day = released[:7], released[:10]
        self.products = {p.get('ProductID'): squeeze(p.text) for p in self.root.iter(f'{PROD}FullProductName')}
        self.vulnerabilities = self.root.findall(f'{VULN}Vulnerability')

    def severities(self, wanted):
        """CVE -> highest severity over the products that are wanted and affected."""
        found = {}
        for v in self.vulnerabilities:
            affected = {i.text for s in v.iter(f'{VULN}Status') for i in s.iter(f'{VULN}ProductID')
                        if is_of(self.products[i.text], wanted)}
            if not affected:
                continue
            words = [squeeze(t.findtext(f'{VULN}Description')) for t in v.iter(f'{VULN}Threat') if t.get('Type') == 'Severity'
                     and any(i.text in affected for i in t.iter(f'{VULN}ProductID'))]
            found[v.findtext(f'{VULN}CVE')] = max((w if w in RANKS else '' for w in words), key=RANKS.index, default='')
        return found

    def restart_days(self, wanted):
        """Days with a fix for the wanted product: those that say Yes, and those that do not say No."""
        surely, possibly = set(), set()
        for v in self.vulnerabilities:
            if v.findtext(f'{VULN}CVE') not in self.severities(wanted):
                continue
            dates = [d.text[:10] for d in v.iter(f'{CVRF}Date')]
            first = min(dates)
            day = first if first.startswith(self.month) else self.day
            for r in v.iter(f'{VULN}Remediation'):
                ids = [self.products.get(i.text, '') for i in r.iter(f'{VULN}ProductID')]
                if r.get('Type') != 'Vendor Fix' or not any(is_of(name, wanted) for name in ids):
                    continue
                word = r.findtext(f'{VULN}RestartRequired') or ''
                if word == 'Yes':
                    surely.add(day)
                if word != 'No':
                    possibly.add(day)
        return surely, possibly


@functools.cache
def all_months():
    return [Month(path) for path in sorted(SAMPLES.glob('*.xml.zst'))]


def to_json_spelling(root):
    """The JSON spelling of the same month: numbers for words, {"Value": …} around texts."""
    notes = {'Description': 2, 'FAQ': 4, 'Tag': 7, 'CNA': 8, 'Other': 5}
    threats = {'Impact': 0, 'Exploit Status': 1, 'Severity': 3}
    remedies = {'Workaround': 0, 'Mitigation': 1, 'Vendor Fix': 2, 'Known Issue': 5, 'Release Notes': 5}

    def ids(element):
        return [i.text for i in element.findall(f'{VULN}ProductID')]

    def remediation(r):
        return {'Type': remedies[r.get('Type')], 'Description': {'Value': r.findtext(f'{VULN}Description')},
                'Supercedence': r.findtext(f'{VULN}Supercedence') or '', 'ProductID': ids(r),
                'AffectedFiles': [{'FileName': f.text} for f in r.iter(f'{VULN}FileName')],
                'RestartRequired': {'Value': r.findtext(f'{VULN}RestartRequired') or ''},
                'SubType': r.findtext(f'{VULN}SubType') or '', 'FixedBuild': r.findtext(f'{VULN}FixedBuild') or ''}

    def vulnerability(v):
        return {
            'Title': {'Value': v.findtext(f'{VULN}Title')}, 'CVE': v.findtext(f'{VULN}CVE'),
            'Notes': [{'Title': n.get('Title'), 'Type': notes[n.get('Type')], 'Value': n.text} for n in v.iter(f'{VULN}Note')],
            'ProductStatuses': [{'Type': 3, 'ProductID': ids(s)} for s in v.iter(f'{VULN}Status')],
            'Threats': [{'Type': threats[t.get('Type')], 'Description': {'Value': t.findtext(f'{VULN}Description')},
                         'ProductID': ids(t)} for t in v.iter(f'{VULN}Threat')],
            'Remediations': [remediation(r) for r in v.iter(f'{VULN}Remediation')],
            'RevisionHistory': [{'Number': '1', 'Date': d.text} for d in v.iter(f'{CVRF}Date')]}

    tracking = root.find(f'{CVRF}DocumentTracking')
    return {
        'DocumentTitle': {'Value': root.findtext(f'{CVRF}DocumentTitle')},
        'DocumentTracking': {'Identification': {'ID': {'Value': tracking.findtext(f'{CVRF}Identification/{CVRF}ID')}},
                             'InitialReleaseDate': tracking.findtext(f'{CVRF}InitialReleaseDate')},
        'ProductTree': {'FullProductName': [{'ProductID': p.get('ProductID'), 'Value': p.text}
                                            for p in root.iter(f'{PROD}FullProductName')]},
        'Vulnerability': [vulnerability(v) for v in root.findall(f'{VULN}Vulnerability')]}


def without_places(report):
    for row in report['vulnerabilities']:
        row['location'] = row['location'].split('.')[0]
    for document in report['documents']:
        document['file'] = document['file'].split('.')[0]
    return report


class Exposure(ProgramTest):
    def report(self, *arguments, bulletins=SAMPLES):
        done = run('exposure', *arguments, '--bulletins', bulletins, '--format', 'json', program=PROGRAM)
        self.assertEqual((done.returncode, done.stderr), (EXIT_DONE, ''))
        return json.loads(done.stdout)

    def test_counts_are_those_of_the_documents(self):
        report = self.report(f'product:{CORE}', '--against', f'product:{SERVER}')
        expected = {'image': defaultdict(Counter), 'baseline': defaultdict(Counter)}
        days = {'image': (set(), set()), 'baseline': (set(), set())}
        for month in all_months():
            for side, product in (('image', CORE), ('baseline', SERVER)):
                expected[side][month.month].update(WORDS[s] for s in month.severities(product).values())
                for mine, found in zip(days[side], month.restart_days(product)):
                    mine |= found
        measures = {m['name']: m for m in report['measures']}
        for side in ('image', 'baseline'):
            counted = defaultdict(Counter)
            for row in report['vulnerabilities']:
                if row[side]:
                    counted[row['month']][row[side]['severity']] += 1
            self.assertEqual({m: dict(c) for m, c in counted.items()}, {m: dict(c) for m, c in expected[side].items() if c})
            total = sum(expected[side].values(), Counter())
            self.assertGreater(total['critical'], 10, 'the samples have changed')
            for word in ('critical', 'important', 'moderate', 'low'):
                self.assertEqual(measures[f'{word} vulnerabilities'][side], {'lower': total[word], 'upper': total[word]})
            surely, possibly = days[side]
            self.assertEqual(measures['reboots, as serviced by Microsoft'][side],
                             {'lower': len(surely), 'upper': len(possibly)})
        self.assertEqual(report['warnings'], [])

    def test_every_month_and_product_counts_alike(self):
        """Per month and product, all that the samples rate for servers."""
        months = [m for m in all_months() if m.month >= '2016']
        products = ['Windows Server 2012', 'Windows Server 2008 R2 for x64-based Systems Service Pack 1', SERVER]
        for product in products:
            report = self.report(f'product:{product}', '--against', 'product', '--from', '2016-01')
            counted = Counter((row['month'], row['image']['severity']) for row in report['vulnerabilities'])
            expected = Counter((m.month, WORDS[s]) for m in months for s in m.severities(product).values())
            self.assertEqual(counted, expected, product)

    def test_documents_are_counted_whole(self):
        report = self.report(f'product:{SERVER}', '--against', 'product')
        expected = {month.path.name: len(month.vulnerabilities) for month in all_months()}
        self.assertEqual({d['file']: d['vulnerabilities'] for d in report['documents']}, expected)

    def test_rows_stand_where_they_say(self):
        report = self.report(f'product:{SERVER}', '--against', 'product', '--from', '2016-04', '--to', '2016-04')
        lines = unpack(SAMPLES / '2016-Apr.xml.zst').decode('utf-8').splitlines()
        self.assertGreater(len(report['vulnerabilities']), 10)
        for row in report['vulnerabilities']:
            name, line, _ = row['location'].split(':')
            self.assertEqual(name, '2016-Apr.xml.zst')
            here = '\n'.join(lines[int(line) - 1:int(line) + 60])
            self.assertTrue(lines[int(line) - 1].lstrip().startswith('<vuln:Vulnerability'), row['location'])
            self.assertIn(row['id'], here)

    def test_json_spelling_gives_the_same_report(self):
        xml, spelled = self.folder / 'xml', self.folder / 'json'
        xml.mkdir()
        spelled.mkdir()
        for name in ('2016-Apr', '2016-Sep', '2016-Nov'):
            text = unpack(SAMPLES / f'{name}.xml.zst')
            (xml / f'{name}.xml').write_bytes(text)
            (spelled / f'{name}.json').write_text(json.dumps(to_json_spelling(ElementTree.fromstring(text))))
        arguments = (f'product:{CORE}', '--against', f'product:{SERVER}')
        self.assertEqual(without_places(self.report(*arguments, bulletins=spelled)),
                         without_places(self.report(*arguments, bulletins=xml)))

    def test_an_image_is_matched_by_its_files(self):
        image = self.image('Windows/System32/spoolsv.exe', 'Windows/System32/ntdll.dll')
        report = self.report(image, '--against', 'product', '--product', SERVER, '--from', '2016-04')
        touched = {row['tag'] for row in report['vulnerabilities'] if row['image'] and row['image']['touches'] == 'yes'}
        self.assertIn('Windows Print Spooler Components', touched)
        self.assertNotIn('Internet Explorer', touched)
        measures = {m['name']: m for m in report['measures']}
        for measure in measures.values():
            self.assertLessEqual(measure['image']['lower'], measure['image']['upper'])
            if measure['name'] != 'important bulletins':  # what is critical for the whole may be important for a part
                self.assertLessEqual(measure['image']['upper'], measure['baseline']['upper'])
        unknown = [r for r in report['vulnerabilities'] if r['image']['touches'] == 'unknown']
        everything = measures['vulnerabilities']['image']
        self.assertEqual(everything['upper'] - everything['lower'], len(unknown))
        self.assertTrue(all(row['image']['confidence'] == 'product only' for row in unknown))

    def image(self, *files):
        """A folder as an image, with files of these names."""
        for file in files:
            path = self.folder / 'image' / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b'MZ')
        return self.folder / 'image'

    def test_other_formats_have_the_same_numbers(self):
        arguments = ('exposure', f'product:{CORE}', '--bulletins', SAMPLES, '--against', f'product:{SERVER}')
        report = self.report(*arguments[1:2], '--against', f'product:{SERVER}')
        rows = list(csv.DictReader(io.StringIO(run(*arguments, '--format', 'csv', program=PROGRAM).stdout)))
        self.assertEqual([r['vulnerability'] for r in rows], [r['id'] for r in report['vulnerabilities']])
        self.assertEqual([r['document'] for r in rows], [r['location'] for r in report['vulnerabilities']])
        critical = next(m for m in report['measures'] if m['name'] == 'critical bulletins')
        image, baseline = critical['image']['lower'], critical['baseline']['lower']
        percent = f"{critical['percentFewer']['lower']:.1f} %"
        markdown = run(*arguments, '--format', 'markdown', program=PROGRAM).stdout
        self.assertIn(f'| critical bulletins | {image} | {baseline} | {percent} |', markdown)
        text = run(*arguments, program=PROGRAM).stdout
        self.assertRegex(text, rf'critical bulletins +{image} +{baseline} +{percent}\n')

    def refuse(self, bulletins, *arguments):
        done = run('exposure', f'product:{SERVER}', '--against', 'product', '--bulletins', bulletins, *arguments,
                   program=winnow_program.SANITIZED_PROGRAM)
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        return done.stderr

    def test_what_is_damaged_is_one_error(self):
        packed = (SAMPLES / '2016-Apr.xml.zst').read_bytes()
        text = unpack(SAMPLES / '2016-Apr.xml.zst')
        cases = {'cut.xml.zst': packed[:9000], 'cut.xml': text[:200000], 'noise.xml.zst': bytes(range(256)) * 40,
                 'empty.xml': b'', 'other.xml': b'<html/>', 'list.json': b'[]', 'deep.json': b'[' * 100000,
                 'deep.xml': b'<a>' * 100000}
        for name, content in cases.items():
            folder = self.folder / name.replace('.', '-')
            folder.mkdir()
            (folder / name).write_bytes(content)
            message = self.refuse(folder)
            self.assertEqual(len(message.splitlines()), 1, message)
            self.assertIn(name, message)
        nothing = self.folder / 'nothing'
        nothing.mkdir()
        self.assertIn(': it has no security document (.xml or .json; .zst or .gz behind it)', self.refuse(nothing))

    def test_what_is_not_there_is_named(self):
        self.assertEqual(self.refuse(SAMPLES, '--from', '2019-01'),
                         'cannot find security documents of the period: those that were read are of 2014-01 to 2016-12\n')
        wrong = run('exposure', 'product:Windows Server 2012 R3', '--against', 'product', '--bulletins', SAMPLES, program=PROGRAM)
        self.assertEqual(wrong.returncode, EXIT_INPUT)
        self.assertIn('did you mean "Windows Server 2012 R2"?', wrong.stderr)
        usage = run('exposure', 'x', '--against', 'product', '--bulletins', SAMPLES, '--from', '2016', program=PROGRAM)
        self.assertEqual(usage.returncode, EXIT_USAGE)


if __name__ == '__main__':
    if not SAMPLES.is_dir():
        print('skipped: ../shared/data/msrc-cvrf is not there')
        sys.exit(SKIPPED)
    winnow_program.need(PROGRAM)
    winnow_program.main()
