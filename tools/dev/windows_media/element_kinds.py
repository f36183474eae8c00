"""Components with every kind of element that servicing.md 4 knows: the common ones in all their forms, and those that a
composer has to count because it does not apply them."""

from windows_media.component import Component
from windows_media.core_windows import CONTROL, HKLM, identity
from windows_media.identity import Identity
from windows_media.pe_image import build_pe

SOFTWARE = HKLM + r'\SOFTWARE\Contoso'


def files():
    made = Component(identity('Contoso-Windows-Kinds-Files'))
    library = build_pe('kinds.dll', {'kernelbase.dll': ['WriteFile']}, {'Kind': ''})
    made.add_file('kinds.dll', library,
                  links=(r'$(runtime.windows)\Kinds\kinds.dll', r'$(runtime.programFiles)\Kinds\linked.dll'),
                  extra='<signatureInfo><signatureDescriptor PETrust="true" pageHash="true" /></signatureInfo>')
    made.add_file('kinds.config', b'<settings />\r\n', r'$(runtime.system32)\kinds',
                  attributes=' writeableType="systemData" attributes="hidden readOnly"',
                  sddl='#MutableFileDefaultSecurityDescriptor')
    made.add_file('empty.txt', b'', r'$(runtime.programData)\Contoso')
    made.add_file('kinds.ini', b'[performance]\r\n', '$(runtime.inf)', extra='<dependencies /><lodctr />')
    made.directory(r'$(runtime.programData)\Contoso\Cache', ' owner="true" attributes="hidden notContentIndexed"')
    made.directory(r'$(runtime.programData)\Contoso\Logs', ' attributes="readOnly"')
    return made


def registry():
    made = Component(identity('Contoso-Windows-Kinds-Registry'))
    made.key(SOFTWARE + r'\Kinds', ('', 'REG_SZ', 'default value'), ('Text', 'REG_SZ', 'a "quoted" <text> & more'),
             ('Expand', 'REG_EXPAND_SZ', r'%SystemRoot%\Kinds'), ('Number', 'REG_DWORD', 0xC0FFEE), ('Minus', 'REG_DWORD', -1),
             ('Decimal', 'REG_DWORD', 42, '', '42'), ('Large', 'REG_QWORD', 0x140000000),
             ('LargeHex', 'REG_QWORD', 0x123, '', '0x123'), ('List', 'REG_MULTI_SZ', ['one', 'two "2"', r'c:\three']),
             ('Spaced', 'REG_MULTI_SZ', ['a', 'b'], '', '"a", "b"'), ('Word', 'REG_MULTI_SZ', ['word'], '', 'word'),
             ('None', 'REG_MULTI_SZ', [], '', ''), ('Bytes', 'REG_BINARY', bytes(range(16))), ('Nothing', 'REG_NONE', b''),
             ('Resources', 'REG_RESOURCE_LIST', b'\1\0\0\0'), ('Requirements', 'REG_RESOURCE_REQUIREMENTS_LIST', b'\x18\0\0\0'),
             ('Property', 'FFFF0012', b'D\0\0\0'), ('PropertyList', '00040007', b'\1\2'), sddl='WRP_REGKEY_DEFAULT_SDDL')
    made.key(SOFTWARE + r'\Kinds\EmptyKey')
    made.key(SOFTWARE + r'\Kinds\Kept', ('Kept', 'REG_SZ', 'first', ' mutable="true"'))
    made.key(SOFTWARE + r'\Kinds\Joined', ('List', 'REG_MULTI_SZ', ['b', 'c'], ' operationHint="append"'))
    made.key(r'HKEY_CLASSES_ROOT\CLSID\{7C857801-7381-11CF-884D-00AA004B2E24}\InprocServer32',
             ('', 'REG_SZ', r'%SystemRoot%\system32\kinds.dll'), ('ThreadingModel', 'REG_SZ', 'Both'), attributes=' owner="true"')
    made.key(r'HKEY_CURRENT_USER\Software\Contoso', ('PerUser', 'REG_DWORD', 7), attributes=' perUserVirtualization="Disable"')
    made.key(r'HKEY_USERS\.DEFAULT\Software\Contoso', ('DefaultUser', 'REG_DWORD', 8))
    made.key(CONTROL + r'\Contoso', ('Path', 'REG_SZ', 'backslash at the end of the key'))
    return made


def registry_base():
    """What the one above appends to and replaces."""
    made = Component(identity('Contoso-Windows-Kinds-Base'))
    made.key(SOFTWARE + r'\Kinds\Joined', ('List', 'REG_MULTI_SZ', ['a', 'b']))
    made.key(SOFTWARE + r'\Kinds\Brand', ('Edition', 'REG_SZ', 'of none'),
             extra='<overridable name="Edition" scope="Microsoft" type="REG_SZ" />')
    return made


def edition_value(edition):
    made = Component(identity(f'Contoso-Windows-Kinds-{edition}'))
    made.key(SOFTWARE + r'\Kinds\Brand', ('Edition', 'REG_SZ', edition))
    return made


def services():
    made = Component(identity('Contoso-Windows-Kinds-Services'))
    made.add_file('kindsvc.exe', build_pe('kindsvc.exe', {'sechost.dll': ['StartServiceCtrlDispatcherW']}))
    failure = ('<failureActions resetPeriod="86400"><actions><action delay="60000" type="restartService" />'
               '<action delay="120000" type="restartService" /><action delay="0" type="none" /></actions></failureActions>')
    trigger = ('<serviceTrigger action="start" subtype="RPC_INTERFACE_EVENT" type="NetworkEndpointEvent">'
               '<triggerData type="string" value="12345678-1234-abcd-ef00-0123456789ab" /></serviceTrigger>')
    made.service('KindSvc', failure + trigger + '<securityDescriptor name="KIND_SERVICE_SDDL" />',
                 displayName='Kinds of services', description='@%SystemRoot%\\system32\\kindsvc.exe,-100',
                 errorControl='normal', start='delayedAuto', type='win32OwnProcess',
                 imagePath=r'%SystemRoot%\system32\kindsvc.exe', objectName='LocalSystem', dependOnService='RpcSs,EventLog',
                 requiredPrivileges='SeChangeNotifyPrivilege,SeImpersonatePrivilege',
                 sidType='restricted', launchProtected='none')
    made.definitions['KIND_SERVICE_SDDL'] = 'D:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCLCSWLOCRRC;;;IU)'
    made.member_of('SvcHost', ('netsvcs', '<serviceGroup serviceName="KindSvc" position="last" />'),
                   ('netsvcs', '<serviceGroup serviceName="KindSvc2" position="last" />'))
    made.member_of('Network', (r'HwOrder\ProviderOrder', '<providerOrder name="KindNet" position="first" />'),
                   (r'Order\ProviderOrder', '<providerOrder name="KindNet" position="first" />'))
    made.member_of('Environment', ('path', '<path name="%SYSTEMROOT%\\System32\\Kinds\\" position="last" />'))
    for type_name in ('BootRecovery', 'SingleInstanceFiles', 'ServicingStackComponent', 'StoreContent'):
        made.member_of(type_name)
    return made


def settings():
    made = Component(identity('Contoso-Windows-Kinds-Settings'))
    handler = f"regkey('{SOFTWARE}\\Settings')"
    rows = [('Shell', 'xsd:string', 'REG_SZ', 'cmd.exe'), ('Path', 'xsd:string', 'REG_EXPAND_SZ', r'%SystemRoot%\x'),
            ('Limit', 'xsd:unsignedInt', 'REG_DWORD', '9'), ('Large', 'xsd:unsignedLong', 'REG_QWORD', '10'),
            ('Blob', 'xsd:hexBinary', 'REG_BINARY', '0a0b')]
    elements = ''.join(f'<xsd:element default="{default}" name="{name}" type="{type_}" wcm:handler="{handler}" '
                       f'wcm:legacyType="{legacy}" wcm:scope="allUsers" />' for name, type_, legacy, default in rows)
    elements += ('<xsd:element default="x" name="Wmi" type="xsd:string" wcm:handler="wmi()" wcm:scope="allUsers" />'
                 '<xsd:element name="NoDefault" type="xsd:string" wcm:scope="perUser" />')
    made.element('<configuration xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State" '
                 'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><configurationSchema><xsd:schema '
                 f'targetNamespace="Contoso-Windows-Kinds-Settings">{elements}</xsd:schema></configurationSchema>'
                 '</configuration>')
    made.element('<localization><resources culture="en-US"><stringTable><string id="title" value="Kinds of settings" />'
                 '<string id="rule" value="Contoso rule" /></stringTable></resources></localization>')
    made.key(SOFTWARE + r'\Strings', ('Title', 'REG_SZ', 'Kinds of settings', '', '$(resourceString.title)'))
    return made


def events():
    made = Component(identity('Contoso-Windows-Kinds-Events'))
    made.element('<instrumentation xmlns:evt="http://schemas.microsoft.com/win/2004/08/events"><evt:events><evt:provider '
                 'guid="{0D4FDC09-8C27-494A-BDA0-505E4FD8ADAE}" name="Contoso-Kinds" symbol="KINDS" '
                 'messageFileName="%SystemRoot%\\system32\\kinds.dll" resourceFileName="%SystemRoot%\\system32\\kinds.dll">'
                 '<evt:channels><evt:channel chid="KindsAdmin" name="Contoso-Kinds/Admin" type="Admin" enabled="true" '
                 'isolation="System" symbol="KINDS_ADMIN" /><evt:channel chid="KindsDebug" name="Contoso-Kinds/Debug" '
                 'type="Debug" enabled="false" isolation="Application" symbol="KINDS_DEBUG" /></evt:channels></evt:provider>'
                 '</evt:events></instrumentation>')
    made.element('<firewallRule Action="Allow" Active="TRUE" Binary="%SystemRoot%\\system32\\kindsvc.exe" Desc="@kinds.dll,-2" '
                 'Dir="In" Group="@kinds.dll,-1" InternalName="Kinds-In-TCP" LPort="8022" Name="@kinds.dll,-3" '
                 'Profile="Domain, Private" Protocol="6" svc="KindSvc" />')
    made.element('<firewallRule action="allow" active="false" dir="out" internalname="Kinds-Out-UDP" name="Kinds out" '
                 'protocol="17" rport="53" xmlns="urn:schemas-microsoft-com:asm.v3" />')
    return made


# Elements that take effect on the running machine only, or on none.
UNAPPLIED = (
    '<genericCommands><genericCommand executableName="$(runtime.system32)\\kindsvc.exe" arguments="/install" install="true" '
    'passes="generalize" /></genericCommands>',
    '<mof name="$(runtime.system32)\\wbem\\kinds.mof" />',
    '<taskScheduler><Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><RegistrationInfo><URI>\\Contoso\\Kinds'
    '</URI></RegistrationInfo></Task></taskScheduler>',
    '<migration scope="Upgrade" settingsVersion="1"><supportedComponents /></migration>',
    '<imaging><sysprepInformation><sysprepProvider stage="generalize"><sysprepOrder order="0x1000" /></sysprepProvider>'
    '</sysprepInformation></imaging>',
    '<unattendActions><unattendAction executableName="$(runtime.system32)\\kindsvc.exe" passes="specialize" /></unattendActions>',
    '<SecureBoot UpdateType="DbxOnly" />',
    '<sppInstaller xmlns="urn:schemas-microsoft-com:spp:installer" />',
    '<appxRegistration />',
    '<networkComponents><clientDriver bindName="KindNet" identifier="contoso_kinds"><bind keyword="tdi" ruleType="lower" />'
    '</clientDriver></networkComponents>',
    '<configureNetFx><netFxState key="v4.0" value="1" /></configureNetFx>',
    '<rescache xmlns="urn:schemas-microsoft-com:rescache.v1" />',
    '<runtime xmlns="urn:schemas-microsoft-com:asm.v2" imageVersion="v2.0.50727" />',
    '<feature />',
    '<instrumentation xmlns:ctr="http://schemas.microsoft.com/win/2005/12/counters"><ctr:counters schemaVersion="2.0" />'
    '</instrumentation>',
)


def unapplied():
    made = Component(identity('Contoso-Windows-Kinds-Unapplied'))
    for text in UNAPPLIED:
        made.element(text)
    return made


def families():
    """Side-by-side assemblies of two versions, a managed one without a place, and a name with spaces."""
    made = []
    for version in ('5.82.20348.1', '6.0.20348.1'):
        controls = Component(Identity('Contoso.Windows.Common-Controls', version, type='win32'))
        controls.add_file('comctl.dll', build_pe('comctl.dll', None, {'InitCommonControls': ''}, padding=version.encode()), '')
        made.append(controls)
    managed = Component(Identity('Contoso.Managed', '4.0.0.0', 'msil'))
    managed.add_file('Contoso.Managed.dll', build_pe('Contoso.Managed.dll', None, {'_CorDllMain': ''}, 'msil'), '', sddl='',
                     extra='<gac managedversion="4.0.0.0" xmlns="urn:schemas-microsoft-com:asm.v2" />'
                     '<ngen managedversion="4.0.0.0" parameter="/queue:3" />')
    made.append(managed)
    spaced = Component(identity('Contoso-Windows-Usermode Library (Extended Names)'))
    spaced.add_file('usermode.dll', build_pe('usermode.dll', {'ntdll.dll': ['LdrLoadDll']}, {'Usermode': ''}))
    made.append(spaced)
    return made


def wow64():
    """Siblings of one name: the native one, the 32-bit one in its form for 64-bit Windows, and the plain 32-bit one."""
    made = []
    for architecture in ('amd64', 'wow64', 'x86'):
        sibling = Component(identity('Contoso-Windows-Sibling', architecture=architecture))
        name = 'sibling.dll' if architecture != 'x86' else 'sibling86.dll'
        sibling.add_file(name, build_pe(name, None, {'Sibling': ''}, architecture))
        sibling.key(SOFTWARE + r'\Sibling', ('Path', 'REG_SZ', f'of {architecture}') if architecture != 'x86' else
                    ('Path86', 'REG_SZ', 'of x86'))
        made.append(sibling)
    return made


def gates():
    """Prerequisites: one that is met; one that is not, and what falls with it; one over languages, which is no condition."""
    names = ('Met', 'Unmet', 'Falls', 'Reached', 'AnyLanguage')
    made = {name: Component(identity(f'Contoso-Windows-Gate-{name}')) for name in names}
    made['Met'].depends(identity('Contoso-Windows-Minkernel'), 'prerequisite')
    made['Unmet'].depends(identity('Contoso-Windows-Desktop'), 'prerequisite')
    made['Unmet'].depends(made['Reached'])
    made['Falls'].depends(made['Unmet'], 'prerequisite')
    made['AnyLanguage'].resources_of_any_language('prerequisite')
    return made


def all_kinds():
    return [files(), registry(), registry_base(), services(), settings(), events(), unapplied(), *families(), *wow64()]
