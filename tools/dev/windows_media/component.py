"""A component and its manifest (servicing.md 4), put together element by element; and what each puts on an image."""

import base64
import hashlib
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from windows_media import registry_text
from windows_media.identity import Identity

HASH = ('<asmv2:hash xmlns:asmv2="urn:schemas-microsoft-com:asm.v2" xmlns:dsig="http://www.w3.org/2000/09/xmldsig#">'
        '<dsig:Transforms><dsig:Transform Algorithm="urn:schemas-microsoft-com:HashTransforms.Identity" /></dsig:Transforms>'
        '<dsig:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha256" /><dsig:DigestValue>{}</dsig:DigestValue>'
        '</asmv2:hash>')
TRUSTED_INSTALLER = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
FILE_SDDL = (f'O:{TRUSTED_INSTALLER}G:{TRUSTED_INSTALLER}D:P(A;;FA;;;{TRUSTED_INSTALLER})(A;;GRGX;;;BA)(A;;GRGX;;;SY)'
             '(A;;GRGX;;;BU)')
KEY_SDDL = 'O:SYG:SYD:P(A;CI;GA;;;SY)(A;CI;GR;;;BU)(A;CI;GA;;;BA)'
MUTABLE_SDDL = 'O:SYG:SYD:AIS:'
SDDL = {'WRP_FILE_DEFAULT_SDDL': FILE_SDDL, 'WRP_REGKEY_DEFAULT_SDDL': KEY_SDDL, 'WRP_DIR_DEFAULT_SDDL': FILE_SDDL,
        '#MutableFileDefaultSecurityDescriptor': MUTABLE_SDDL}
FOLDERS = {'windows': 'Windows', 'system32': 'Windows/System32', 'drivers': 'Windows/System32/drivers', 'inf': 'Windows/INF',
           'programFiles': 'Program Files', 'programData': 'ProgramData', 'bootDrive': '', 'wbem': 'Windows/System32/wbem',
           'public': 'Users/Public'}
FOLDERS_32 = {'system32': 'Windows/SysWOW64', 'programFiles': 'Program Files (x86)', 'wbem': 'Windows/SysWOW64/wbem'}


def attribute(text):
    return escape(text, {'"': '&quot;'})


@dataclass
class File:
    name: str
    data: bytes
    places: list  # paths on the image: the projection, then links; none when it stays in the store


@dataclass
class Edge:
    identity: Identity
    is_prerequisite: bool = False
    is_resources: bool = False


@dataclass
class Component:
    identity: Identity
    parts: list = field(default_factory=list)  # XML of elements, in order
    files: list = field(default_factory=list)
    edges: list = field(default_factory=list)
    values: list = field(default_factory=list)  # (key, name, type number, data in hex, "" or append) of <registryValue>
    services: list = field(default_factory=list)
    definitions: dict = field(default_factory=dict)
    attributes: str = ''
    values_of_key: list = None

    def is_32_bit(self):
        return self.identity.architecture in ('x86', 'wow64')

    def path_of(self, destination):
        """On the image, of "$(runtime.system32)\\sub"."""
        macro, _, rest = destination.partition(')')
        name = macro.removeprefix('$(runtime.')
        folder = FOLDERS_32.get(name, FOLDERS[name]) if self.is_32_bit() else FOLDERS[name]
        return '/'.join(part for part in (folder, rest.strip('\\').replace('\\', '/')) if part)

    def depends(self, other, kind='install', resources=False):
        """`kind` "" leaves the type out, which is an install as well."""
        identity = other.identity if isinstance(other, Component) else other
        self.edges.append(Edge(identity, kind == 'prerequisite', resources))
        type_ = f' dependencyType="{kind}"' if kind else ''
        resource = ' resourceType="Resources"' if resources else ''
        self.parts.append(f'<dependency discoverable="no"{resource}><dependentAssembly{type_}>{identity.xml()}'
                          '</dependentAssembly></dependency>')
        return self

    def resources_of_any_language(self, kind='install'):
        satellite = Identity(self.identity.name + '.Resources', self.identity.version, self.identity.architecture, '*')
        return self.depends(satellite, kind, resources=True)

    def add_file(self, name, data, destination='$(runtime.system32)', links=(), attributes='', sddl='WRP_FILE_DEFAULT_SDDL',
                 extra=''):
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        places = [f'{self.path_of(destination)}/{name}'] if destination else []
        places += [self.path_of(link) for link in links]
        self.files.append(File(name, data, places))
        where = f' destinationPath="{destination}\\"' if destination else ''
        link_text = ''.join(f'<link destination="{link}" />' for link in links)
        if sddl:
            self.definitions[sddl] = SDDL[sddl]
        descriptor = f'<securityDescriptor name="{sddl}" />' if sddl else ''
        self.parts.append(f'<file name="{name}"{where} sourceName="{name}" importPath="$(build.nttree)\\" sourcePath=".\\"'
                          f'{attributes}>{descriptor}{link_text}{extra}{HASH.format(digest)}</file>')
        return self

    def directory(self, destination, attributes=''):
        self.definitions['WRP_DIR_DEFAULT_SDDL'] = FILE_SDDL
        self.parts.append(f'<directories><directory destinationPath="{destination}\\"{attributes}>'
                          '<securityDescriptor name="WRP_DIR_DEFAULT_SDDL" /></directory></directories>')
        return self

    def key(self, path, *values, sddl='', extra='', attributes=''):
        """`values`: (name, type, value) or (name, type, value, hint attributes) or (name, type, value, hint, text)."""
        texts = []
        for name, type_name, value, *rest in values:
            text, number, data = registry_text.value_of(type_name, value)
            hint = rest[0] if rest else ''
            text = rest[1] if len(rest) > 1 else text
            texts.append(f'<registryValue name="{attribute(name)}" valueType="{type_name}" value="{attribute(text)}"{hint} />')
            self.values.append((path, name, number, data.hex(), 'append' if 'append' in hint else ''))
        if not values:
            self.values.append((path, None, 0, '', ''))
        if sddl:
            self.definitions[sddl] = SDDL[sddl]
            texts.append(f'<securityDescriptor name="{sddl}" />')
        if self.values_of_key is None:
            self.values_of_key = []
            self.parts.append(None)  # all keys stand in one <registryKeys>, where the first did
        self.values_of_key.append(f'<registryKey keyName="{attribute(path)}"{attributes}>{extra}{"".join(texts)}</registryKey>')
        return self

    def member_of(self, type_name, *instances, name='Microsoft.Windows.Categories', version='1.0.0.0'):
        text = ''.join(f'<categoryInstance subcategory="{subcategory}">{content}</categoryInstance>' if subcategory else
                       f'<categoryInstance>{content}</categoryInstance>' for subcategory, content in instances)
        self.parts.append(f'<memberships><categoryMembership><id name="{name}" version="{version}" '
                          f'publicKeyToken="365143bb27e7ac8b" typeName="{type_name}" />{text}</categoryMembership></memberships>')
        return self

    def service(self, name, content='', **data):
        text = ''.join(f' {key}="{attribute(value)}"' for key, value in data.items())
        self.services.append({'name': name, **data})
        return self.member_of('Service', (name, f'<serviceData name="{name}"{text}>{content}</serviceData>'),
                              name='Microsoft.Windows.Categories.Services', version='6.0.0.0')

    def element(self, text):
        self.parts.append(text)
        return self

    def xml(self):
        keys = f'<registryKeys>\n{chr(10).join(self.values_of_key or [])}\n</registryKeys>'
        lines = [keys if part is None else part for part in self.parts]
        if self.definitions:
            rows = ''.join(f'<securityDescriptorDefinition name="{name}" sddl="{sddl}" operationHint="replace" />'
                           for name, sddl in self.definitions.items())
            lines.append('<trustInfo><security><accessControl><securityDescriptorDefinitions>' + rows +
                         '</securityDescriptorDefinitions></accessControl></security></trustInfo>')
        return '\n'.join(['<?xml version="1.0" encoding="utf-8" standalone="yes"?>',
                          '<assembly xmlns="urn:schemas-microsoft-com:asm.v3" manifestVersion="1.0"'
                          f' copyright="made by winnow\'s tools/dev/make_media.py"{self.attributes}>',
                          self.identity.xml(), *lines, '</assembly>', '']).encode()


def deployment(identity, components):
    """What pins components together: a manifest that names them and is empty else."""
    made = Component(identity)
    made.element('<deployment />')
    for component in components:
        made.depends(component)
    return made
