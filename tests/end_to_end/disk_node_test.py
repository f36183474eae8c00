#!/usr/bin/env python3
"""node's image runs from its VHD exactly as from its container image."""

import winnow_program
from sample_apps import SAMPLE_APPS, need_app
from winnow_program import MANIFESTS, ProgramTest


class NodeFromItsDisk(ProgramTest):
    def test_runs_from_its_vhd(self):
        disk = self.folder / 'node.vhd'
        self.compose(MANIFESTS / 'node-hello.xml', disk)
        SAMPLE_APPS['node-hello'].check(self, disk)


if __name__ == '__main__':
    need_app('node-hello')
    winnow_program.main()
