#!/usr/bin/env python3
"""How often each threshold of `winnow history` fires over recorded sizes, and how much of that is the base images' doing.

  calibrate_history.py [SIZES.csv]      default: ../shared/data/dotnet-image-sizes.csv

The default threshold was chosen from this table, as connectedhomeip chose its own: a gate may fire on about one change in
five, or people stop reading it. A change is a build (one commit of the CSV); "steps" are pairs of builds of one series.
"""

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / 'build/release/winnow'
SIZES = ROOT / '../shared/data/dotnet-image-sizes.csv'
PERCENTS = (0.5, 1, 2, 3, 5, 7.5, 10)
FLOORS = (0, 100_000, 1_000_000, 10_000_000, 20_000_000, 50_000_000, 100_000_000)


def winnow(*arguments):
    return subprocess.run([PROGRAM, 'history', *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True).stdout


def show(database, *options):
    """Every step with a build before it: {series, label, change, cause, isRegression, …}."""
    report = json.loads(winnow('show', '--database', database, '--format', 'json', *options))
    return [dict(build, series=series['name']) for series in report['series'] for build in series['builds']
            if 'change' in build]


def raw_gate(path, percent):
    """(fired up or down, fired up) of a gate that knows no causes, counted from the CSV alone."""
    last, both, up = {}, 0, 0
    with open(path, newline='', encoding='utf-8') as file:
        for row in csv.DictReader(file):
            key, size = (row['repo'], row['image']), int(row['bytes'])
            if key in last:
                both += abs(size - last[key]) * 100 > percent * last[key]
                up += (size - last[key]) * 100 > percent * last[key]
            last[key] = size
    return both, up


def line(name, flagged, steps, builds):
    fired = {step['label'] for step in flagged}
    base = sum(step['cause'] == 'base moved' for step in flagged)
    precision = 100 * (1 - base / len(flagged)) if flagged else 100
    return (f'{name:28}{len(flagged):6}{100 * len(flagged) / len(steps):8.1f} %{len(fired):8}'
            f'{100 * len(fired) / len(builds):8.0f} %{base:10}{precision:10.0f} %')


def main():
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else SIZES
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / 'calibration.db'
        winnow('import', path, '--database', database)
        steps = show(database)
        report = json.loads(winnow('show', '--database', database, '--format', 'json'))
        builds = {build['label'] for series in report['series'] for build in series['builds']}
        moved = [step for step in steps if step['change'] != 0]
        print(f'{len(report["series"])} series, {len(steps)} steps in {len(builds)} builds, {len(moved)} of them moved; '
              f'{sum(step["cause"] == "base moved" for step in moved)} because their base did\n')
        print('gate without causes (from the CSV alone)')
        for percent in PERCENTS:
            both, up = raw_gate(path, percent)
            print(f'  {percent:4} %: fires {both} times up or down, {up} times up')
        print(f'\n{"":28}{"fires":>6}{"of steps":>10}{"builds":>8}{"of builds":>10}{"base only":>10}{"precision":>12}')
        for percent in PERCENTS:
            for name, extra in (('growth', ['--with-base']), ('own growth', [])):
                options = ['--growth-percent', percent, '--growth-bytes', 0, *extra]
                flagged = [step for step in show(database, *options) if step['isRegression']]
                print(line(f'{name} over {percent} %', flagged, steps, builds))
        for floor in FLOORS:
            flagged = [step for step in show(database, '--growth-bytes', floor) if step['isRegression']]
            print(line(f'own, 2 % and {floor // 1000:,} kB', flagged, steps, builds))
        flagged = [step for step in show(database, '--growth-percentile', 95) if step['isRegression']]
        print(line('own, default and p95', flagged, steps, builds))
    return 0


if __name__ == '__main__':
    sys.exit(main())
