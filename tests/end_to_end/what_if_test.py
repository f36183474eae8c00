#!/usr/bin/env python3
"""What `winnow size --without` says a component would free is what composing without it frees: for 10 components of node's
image, to the byte in what files hold, and within 1 % of the image in what is stored."""

import json
import shutil

from sample_apps import need_app
from winnow_program import MANIFESTS, ProgramTest, main, run

COMPONENTS = 10
STORED_SHARE = 0.01  # of the image
LOGICAL, STORED = 0, 2  # places in a report's "sizes"


def owned_bytes(facts):
    """Logical bytes of files that a component or the app owns; hives and provenance.json are written anew."""
    owners = facts['owners']
    return sum(item['sizes'][LOGICAL] for item in facts['files'] if owners[item.get('owner', 0)]['kind'] in ('component', 'app'))


class WhatIf(ProgramTest):
    def compose(self, name, *options):
        image = self.folder / name  # an OCI layout: only that may have zstd layers, which save half a minute here
        composed = run('compose', MANIFESTS / 'node-hello.xml', '--output', image, '--compression', 'zstd', '--level', '1', *options)
        self.assertEqual(composed.returncode, 0, composed.stderr)
        report = self.folder / f'{name}.json'
        measured = run('size', image, '--save', report)
        self.assertEqual(measured.returncode, 0, measured.stderr)
        return image, json.loads(report.read_text(encoding='utf-8'))

    def test_prediction_is_what_happens(self):
        _, whole = self.compose('whole')
        report = self.folder / 'whole.json'  # stands for the image
        names = sorted({whole['owners'][item['owner']]['name'] for item in whole['files']
                        if whole['owners'][item.get('owner', 0)]['kind'] == 'component'})
        self.assertGreaterEqual(len(names), COMPONENTS)
        worst, total = 0, whole['total'][STORED]
        for name in names[::len(names) // COMPONENTS][:COMPONENTS]:
            with self.subTest(component=name):
                cut = json.loads(run('size', report, '--without', name, '--json').stdout)['cuts'][0]
                smaller, rest = self.compose('smaller', '--without', name)
                shutil.rmtree(smaller)
                self.assertEqual(cut['freed']['logical'], owned_bytes(whole) - owned_bytes(rest))
                gone = {owner['name'] for owner in whole['owners']} - {owner['name'] for owner in rest['owners']}
                self.assertEqual({*cut['removed'], *cut['takes']}, gone)
                saved = total - rest['total'][STORED]
                worst = max(worst, abs(cut['freed']['stored'] - saved))
                self.assertLess(abs(cut['freed']['stored'] - saved), STORED_SHARE * total)
        print(f'stored bytes: at most {worst} off, of {total}')


if __name__ == '__main__':
    need_app('node-hello')
    main()
