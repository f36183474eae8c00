"""The core of a Windows that nobody sells: kernel, boot files, libraries that import and forward to one another through API
sets, services, drivers. Every program is three bytes of code; what is real is who needs whom."""

from windows_media.component import Component
from windows_media.identity import Identity
from windows_media.pe_image import NATIVE, build_api_sets, build_pe

VERSION = '10.0.20348.1'
HKLM = 'HKEY_LOCAL_MACHINE'
CONTROL = HKLM + r'\SYSTEM\CurrentControlSet\Control'
SESSION_MANAGER = CONTROL + r'\Session Manager'

API_SETS = {
    'api-ms-win-core-file-l1-2-0': [('', 'kernelbase.dll')],
    'api-ms-win-core-processthreads-l1-1-1': [('', 'kernelbase.dll')],
    'api-ms-win-core-libraryloader-l1-2-0': [('', 'kernelbase.dll')],
    'api-ms-win-core-synch-l1-2-0': [('', 'kernel32.dll'), ('kernel32.dll', 'kernelbase.dll')],
    'api-ms-win-security-base-l1-1-0': [('', 'kernelbase.dll')],
    'api-ms-win-service-core-l1-1-0': [('', 'sechost.dll')],
    'api-ms-win-service-management-l1-1-0': [('', 'sechost.dll')],
    'api-ms-win-crt-runtime-l1-1-0': [('', 'ucrtbase.dll')],
    'api-ms-win-crt-stdio-l1-1-0': [('', 'ucrtbase.dll')],
    'ext-ms-win-contoso-desktop-l1-1-0': [],
    'ext-ms-win-ntos-contoso-l1-1-0': [('', 'ntoskrnl.exe')],
}

# Module to (exports, imports, the component it is in). An export "name=there" forwards.
FILE, PROCESS, LOADER, SYNC, SECURITY, SERVICE, MANAGE, RUNTIME, STDIO, DESKTOP, NTOS = API_SETS  # as a forwarder says it
LIBRARIES = {
    'ntoskrnl.exe': ('NtCreateFile NtTerminateProcess ContosoQuery', {}, 'Kernel'),
    'hal.dll': ('HalQueryRealTimeClock', {'ntoskrnl.exe': ['ContosoQuery']}, 'Kernel'),
    'ci.dll': ('CiInitialize', {'ntoskrnl.exe': ['ContosoQuery']}, 'Kernel'),
    'kdcom.dll': ('KdSendPacket', {'hal.dll': ['HalQueryRealTimeClock']}, 'Kernel'),
    'ntdll.dll': ('NtCreateFile NtTerminateProcess RtlAllocateHeap LdrLoadDll', {}, 'Minkernel'),
    'kernelbase.dll': ('CreateFileW WriteFile ExitProcess LoadLibraryW Sleep WaitForSingleObject CheckTokenMembership',
                       {'ntdll.dll': ['NtCreateFile', 'NtTerminateProcess', 'LdrLoadDll']}, 'Minkernel'),
    'kernel32.dll': (f'CreateFileW={FILE}.CreateFileW WriteFile={FILE}.WriteFile ExitProcess={PROCESS}.ExitProcess '
                     f'LoadLibraryW={LOADER}.LoadLibraryW Sleep={SYNC}.Sleep GetConsoleWindow={DESKTOP}.GetConsoleWindow '
                     'BaseThreadInitThunk', {'ntdll.dll': ['RtlAllocateHeap'], SYNC + '.dll': ['Sleep']}, 'Minkernel'),
    'advapi32.dll': (f'StartServiceW={MANAGE}.StartServiceW RegOpenKeyExW', {SECURITY + '.dll': ['CheckTokenMembership']},
                     'ReverseForwarders'),
    'sechost.dll': ('StartServiceCtrlDispatcherW StartServiceW', {'kernelbase.dll': ['WriteFile'], 'rpcrt4.dll': ['RpcBind']},
                    'Mincore'),
    'rpcrt4.dll': ('RpcBind', {FILE + '.dll': ['CreateFileW'], 'ntdll.dll': ['RtlAllocateHeap']}, 'Mincore'),
    'ucrtbase.dll': ('puts exit malloc', {PROCESS + '.dll': ['ExitProcess']}, 'UniversalCRT'),
    'bcrypt.dll': ('BCryptGenRandom', {'ntdll.dll': ['RtlAllocateHeap']}, 'Mincore'),
    'ws2_32.dll': ('WSAStartup socket', {FILE + '.dll': ['CreateFileW'], 'sechost.dll': ['StartServiceW']}, 'Winsock'),
    'csrsrv.dll': ('CsrServerInitialization', {'ntdll.dll': ['LdrLoadDll']}, 'Session'),
    'winsrv.dll': ('ConServerDllInitialization', {'csrsrv.dll': ['CsrServerInitialization']}, 'Session'),
    'rpcss.dll': ('ServiceMain', {SERVICE + '.dll': ['StartServiceCtrlDispatcherW'], 'rpcrt4.dll': ['RpcBind']}, 'RpcSs'),
    'wevtsvc.dll': ('ServiceMain', {SERVICE + '.dll': ['StartServiceCtrlDispatcherW'], 'rpcrt4.dll': ['RpcBind']},
                    'EventLog'),
    'dhcpcore.dll': ('ServiceMain', {'ws2_32.dll': ['socket'], SERVICE + '.dll': ['StartServiceCtrlDispatcherW']}, 'Dhcp'),
}
PROGRAMS = {
    'smss.exe': ({'ntdll.dll': ['NtCreateFile']}, 'Session'),
    'csrss.exe': ({'ntdll.dll': ['LdrLoadDll'], 'csrsrv.dll': ['CsrServerInitialization']}, 'Session'),
    'wininit.exe': ({'kernel32.dll': ['CreateFileW'], SECURITY + '.dll': ['CheckTokenMembership']}, 'Session'),
    'services.exe': ({'kernelbase.dll': ['ExitProcess'], 'rpcrt4.dll': ['RpcBind']}, 'ServiceControl'),
    'svchost.exe': ({SERVICE + '.dll': ['StartServiceCtrlDispatcherW'], LOADER + '.dll': ['LoadLibraryW']}, 'ServiceControl'),
    'lsass.exe': ({'ntdll.dll': ['NtCreateFile'], 'bcrypt.dll': ['BCryptGenRandom']}, 'Lsa'),
    'conhost.exe': ({'kernel32.dll': ['WriteFile']}, 'Console'),
    'cmd.exe': ({'kernel32.dll': ['CreateFileW', 'ExitProcess'], STDIO + '.dll': ['puts']}, 'Console'),
    'winload.efi': ({}, 'BootLoader'),
    'winload.exe': ({}, 'BootLoader'),
}
# Driver to (group, start, the component it is in).
DRIVERS = {'acpi': ('Core', 'boot', 'BusDrivers'), 'pci': ('Boot Bus Extender', 'boot', 'BusDrivers'),
           'disk': ('SCSI Class', 'boot', 'StorageDrivers'), 'partmgr': ('Boot Bus Extender', 'boot', 'StorageDrivers'),
           'volmgr': ('System Bus Extender', 'boot', 'StorageDrivers'),
           'mountmgr': ('System Bus Extender', 'boot', 'StorageDrivers'), 'ntfs': ('Boot File System', 'boot', 'FileSystems'),
           'fltmgr': ('FSFilter Infrastructure', 'boot', 'FileSystems'),
           'tcpip': ('PNP_TDI', 'system', 'NetworkStack'), 'condrv': ('Extended Base', 'auto', 'Console')}


def identity(name, version=VERSION, **fields):
    return Identity(name, version, scope=fields.pop('scope', 'nonSxS'), **fields)


def exports_of(text):
    return {name: there for name, _, there in (word.partition('=') for word in text.split())}


def build_library(name):
    exports, imports = LIBRARIES[name][:2]
    subsystem = NATIVE if LIBRARIES[name][2] == 'Kernel' else 3
    return build_pe(name, imports, exports_of(exports), subsystem=subsystem)


def add_driver(component, name, group, start):
    data = build_pe(name + '.sys', {'ntoskrnl.exe': ['ContosoQuery'], NTOS + '.dll': ['ContosoQuery']}, subsystem=NATIVE)
    component.add_file(name + '.sys', data, '$(runtime.drivers)')
    is_file_system = name in ('ntfs', 'fltmgr')
    component.service(name, displayName=f'Contoso {name} driver', errorControl='critical' if start == 'boot' else 'normal',
                      start=start, type='fileSystemDriver' if is_file_system else 'kernelDriver', group=group,
                      imagePath=rf'System32\drivers\{name}.sys', tag='4')
    if start == 'boot':
        component.member_of('BootCritical')


def add_session(component):
    """The command line of the subsystem stands in the settings, as on a real one: without it nothing starts."""
    handler = f"regkey('{SESSION_MANAGER}\\SubSystems')"
    component.element(
        '<configuration xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><configurationSchema><xsd:schema '
        'targetNamespace="Contoso-Windows-Session"><xsd:element default="%SystemRoot%\\system32\\csrss.exe '
        'ObjectDirectory=\\Windows ServerDll=csrsrv" name="Windows" type="xsd:string" wcm:handler="' + handler + '" '
        'wcm:legacyType="REG_EXPAND_SZ" wcm:scope="allUsers" /><xsd:element default="2" name="sessions" type="xsd:unsignedInt" '
        f'''wcm:legacyName="NumberOfInitialSessions" wcm:handler="regkey('{SESSION_MANAGER}')" wcm:legacyType="REG_DWORD" '''
        'wcm:scope="allUsers" /></xsd:schema></configurationSchema></configuration>')
    component.key(SESSION_MANAGER, ('BootExecute', 'REG_MULTI_SZ', ['autocheck autochk *']),
                  ('ProtectionMode', 'REG_DWORD', 1), sddl='WRP_REGKEY_DEFAULT_SDDL')


def add_service_host(component, name, host, library, start='auto', **data):
    component.service(name, displayName=f'Contoso {name}', errorControl='normal', start=start, type='win32ShareProcess',
                      imagePath=rf'%SystemRoot%\system32\svchost.exe -k {host} -p', **data)
    component.member_of('SvcHost', (host, f'<serviceGroup serviceName="{name}" position="last" />'))
    component.key(rf'{HKLM}\SYSTEM\CurrentControlSet\Services\{name}\Parameters',
                  ('ServiceDll', 'REG_EXPAND_SZ', rf'%SystemRoot%\System32\{library}'))


def build_files(components):
    for name in LIBRARIES:
        components[LIBRARIES[name][2]].add_file(name, build_library(name))
    for name, (imports, component) in PROGRAMS.items():
        components[component].add_file(name, build_pe(name, imports))
    components['BootLoader'].add_file('bootmgfw.efi', build_pe('bootmgfw.efi', subsystem=10), r'$(runtime.windows)\Boot\EFI')
    components['BootLoader'].add_file('bootmgr', b'boot manager of nobody', r'$(runtime.windows)\Boot\PCAT')
    components['ApiSetSchema'].add_file('apisetschema.dll', build_pe('apisetschema.dll', api_sets=build_api_sets(API_SETS)))
    for name in ('l_intl.nls', 'locale.nls', 'C_1252.NLS', 'C_437.NLS'):
        components['Nls'].add_file(name, f'table {name}'.encode() * 50)


def build_core():
    """Short name to component, in the order of their making."""
    names = sorted({row[2] for row in LIBRARIES.values()} | {row[1] for row in PROGRAMS.values()} |
                   {row[2] for row in DRIVERS.values()} | {'ApiSetSchema', 'Nls', 'Brand'})
    components = {name: Component(identity('Contoso-Windows-' + name)) for name in names}
    build_files(components)
    for name, (group, start, component) in DRIVERS.items():
        add_driver(components[component], name, group, start)
    add_session(components['Session'])
    add_service_host(components['RpcSs'], 'RpcSs', 'rpcss', 'rpcss.dll', group='COM Infrastructure',
                     objectName=r'NT AUTHORITY\NetworkService')
    add_service_host(components['EventLog'], 'EventLog', 'LocalServiceNetworkRestricted', 'wevtsvc.dll', group='Event Log',
                     objectName=r'NT AUTHORITY\LocalService', dependOnService='RpcSs')
    add_service_host(components['Dhcp'], 'Dhcp', 'LocalServiceNetworkRestricted', 'dhcpcore.dll', group='TDI',
                     objectName=r'NT AUTHORITY\LocalService', dependOnService='Tcpip,EventLog', dependOnGroup='PNP_TDI')
    nls = CONTROL + r'\Nls'
    components['Nls'].key(nls + r'\CodePage', ('ACP', 'REG_SZ', '1252'), ('OEMCP', 'REG_SZ', '437'))
    components['Nls'].key(nls + r'\Language', ('Default', 'REG_SZ', '0409'), ('0409', 'REG_SZ', 'l_intl.nls'))
    current = HKLM + r'\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    components['Brand'].key(current, ('CurrentBuild', 'REG_SZ', '20348'), ('CurrentMajorVersionNumber', 'REG_DWORD', 10),
                            ('ProductName', 'REG_SZ', 'Contoso Nano'),
                            extra='<overridable name="ProductName" scope="Microsoft" type="REG_SZ" />')
    for name in ('Kernel', 'BootLoader', 'Minkernel', 'Session'):
        components[name].member_of('BootCritical')
    for name in ('Minkernel', 'Mincore', 'RpcSs', 'EventLog'):
        components[name].resources_of_any_language()
    return components
