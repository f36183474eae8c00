#!/usr/bin/env python3
"""`winnow dump` and `winnow check-proof`: a stranger with nothing but two texts can check that node's image has the fewest
bytes, and a stranger's solver finds the same number."""

import re
import shutil
import subprocess

from sample_apps import need_app
from winnow_program import EXIT_INPUT, MANIFESTS, ProgramTest, main, run

NODE = MANIFESTS / 'node-hello.xml'


class CheckProof(ProgramTest):
    def setUp(self):
        super().setUp()
        self.problem = self.folder / 'node.problem'
        self.proof = self.folder / 'node.proof'

    def dump(self):
        self.succeed('dump', NODE, '--output', self.problem)
        self.succeed('dump', NODE, '--certificate', '--output', self.proof)

    def test_a_proof_is_checked_from_texts_alone(self):
        self.dump()
        told = self.succeed('check-proof', self.problem, self.proof)
        self.assertEqual(told, self.succeed('check-proof', NODE, self.proof))
        cost = re.search('^cost ([^#\n]*?)( #.*)?$', self.proof.read_text(), re.M)[1]
        self.assertTrue(told.startswith(f'{self.proof} proves that nothing costs less than its solution: {cost}\n'), told)

    def test_a_false_proof_is_refused(self):
        self.dump()
        text = self.proof.read_text()
        self.proof.write_text(re.sub('^bound bytes ', 'bound bytes 1', text, count=1, flags=re.M))
        done = run('check-proof', self.problem, self.proof)
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        self.assertTrue(done.stderr.startswith(f'{self.proof}: cannot accept the bound: the weights of the cores add up to '),
                        done.stderr)
        self.proof.write_text(text.replace('winnow-certificate', 'winnow-certificates'))
        done = run('check-proof', self.problem, self.proof)
        self.assertEqual(done.stderr, f'{self.proof}:1: cannot read the certificate: "winnow-certificates" is not '
                                      '"winnow-certificate"\n')
        done = run('dump', self.problem)
        self.assertEqual((done.returncode, done.stderr), (EXIT_INPUT, f'cannot dump {self.problem}: it is a problem already, '
                                                                      'give --opb or --lp\n'))

    def test_another_solver_finds_the_same_bytes(self):
        if not shutil.which('clasp'):
            self.skipTest('clasp is not installed')
        self.dump()
        dump = self.folder / 'node.opb'
        dump.write_text(self.succeed('dump', NODE, '--opb'))
        self.assertEqual(re.findall('^\\* the objective is (.*)$', dump.read_text(), re.M)[0].split(' ')[-3:], ['bytes', '/', '4096'])
        scale = re.search('^\\* the objective is ([0-9]+) \\* penalty', dump.read_text(), re.M)
        solved = subprocess.run(['clasp', '--opt-strategy=usc,oll', dump], stdout=subprocess.PIPE, text=True, check=False)
        self.assertIn('s OPTIMUM FOUND', solved.stdout)
        least = int(re.findall('^o ([0-9]+)$', solved.stdout, re.M)[-1])
        penalty, size = divmod(least, int(scale[1])) if scale else (0, least)
        levels = f'penalty {penalty} ' if penalty else ''
        self.assertIn(f'cost {levels}bytes {size * 4096} ', self.proof.read_text())


if __name__ == '__main__':
    need_app('node-hello')
    main()
