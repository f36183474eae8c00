"""All packages of a Windows that nobody sells, in the sets that media would bring them in."""

import hashlib
import random
from dataclasses import dataclass, field

from windows_media import element_kinds
from windows_media.component import Component, deployment
from windows_media.core_windows import VERSION, add_driver, add_service_host, build_core, identity
from windows_media.identity import Identity
from windows_media.package import Package, Parent, Update
from windows_media.pe_image import NATIVE, build_pe

DATACENTER = 'Microsoft-Windows-ServerDatacenterNanoEdition'
STANDARD = 'Microsoft-Windows-ServerStandardNanoEdition'
CORE = 'Microsoft-NanoServer-Edition-Core-Package'
LANGUAGES = ('en-US', 'de-DE')
UPDATED = '10.0.20348.169'
STACK = '10.0.20348.180'
CUMULATIVE = '10.0.20348.200'
SET_COMPONENTS = 1000  # of one set of bulk packages
AREA_COMPONENTS = 12  # at least
# The roles of packages/roles/nano-server.xml; what each needs besides the edition.
ROLES = {'Host': 2, 'Guest': 2, 'Storage': 3, 'FailoverCluster': 4, 'Containers': 3, 'Defender': 3, 'DNS': 3, 'IIS': 4, 'DSC': 3,
         'DCB': 2, 'NPDS': 2, 'SCVMM': 2, 'SCVMM-Compute': 2, 'SecureStartup': 3, 'OEM-Drivers': 2}


@dataclass
class MediaSet:
    name: str
    language: str = 'neutral'
    packages: list = field(default_factory=list)
    components: list = field(default_factory=list)


def package_identity(name, version=VERSION, **fields):
    return Identity(name, version, **fields)


def update_name(text):
    """Opaque, as those of a build: 32 hex digits."""
    return hashlib.md5(text.encode()).hexdigest()


def satellite_of(component, language, files=True):
    made = Component(Identity(component.identity.name + '.Resources', component.identity.version,
                              component.identity.architecture, language, scope='nonSxS'))
    if files:
        for file in component.files:
            if file.name.endswith(('.dll', '.exe')):
                made.add_file(file.name + '.mui', f'{language} texts of {file.name}'.encode() * 8,
                              rf'$(runtime.system32)\{language}')
    return made


class MediaBuilder:
    def __init__(self, component_count, seed):
        self.count = component_count
        self.random = random.Random(f'winnow media {seed}')
        self.sets = []
        self.by_language = {}  # language to set, of the edition
        self.core = build_core()
        self.bulk = []  # names of libraries, with what each exports

    def made_components(self):
        return sum(len(media_set.components) for media_set in self.sets)

    def new_set(self, name, language='neutral'):
        suffix = '' if language == 'neutral' else '_' + language.lower()
        self.sets.append(MediaSet(name + suffix, language))
        return self.sets[-1]

    def bundle(self, media_set, name, components, **fields):
        """A deployment of components, and the package that names it."""
        pinned = deployment(identity(name + '-Deployment'), components)
        media_set.components += [*components, pinned]
        package = Package(package_identity(name + '-Package'), fields.pop('release_type', 'Feature Pack'),
                          [Update(update_name(name), components=[pinned.identity])], **fields)
        media_set.packages.append(package)
        return package

    def language_pack(self, package, components, language, media_set):
        """The package's twin of a language, with satellites of the components that ask for any."""
        satellites = [satellite_of(component, language) for component in components
                      if any(edge.is_resources for edge in component.edges)]
        name = package.identity.name.removesuffix('-Package')
        pinned = deployment(identity(name + '-Deployment-LanguagePack', language=language), satellites)
        media_set.components += [*satellites, pinned]
        made = Package(package.identity.with_language(language), 'Language Pack',
                       [Update(update_name(name + language), components=[pinned.identity])],
                       [Parent([package.identity], integrate='separate')])
        media_set.packages.append(made)
        return made

    # The edition.

    def add_core(self):
        media_set = self.new_set('Contoso-Nano-Edition')
        by_language = {language: self.new_set('Contoso-Nano-Edition', language) for language in LANGUAGES}
        kinds = element_kinds.all_kinds()
        gates = element_kinds.gates()
        hidden = gates.pop('Reached')
        merged = [self.bundle(media_set, 'Contoso-Nano-Core-merged', list(self.core.values())),
                  self.bundle(media_set, 'Contoso-Nano-Kinds-merged', kinds),
                  self.bundle(media_set, 'Contoso-Nano-Gates-merged', list(gates.values()))]
        media_set.components.append(hidden)
        for language in LANGUAGES:
            self.language_pack(merged[0], self.core.values(), language, by_language[language])
        driver = self.driver_component('contosonet')
        media_set.components.append(driver)
        updates = [Update(update_name(package.identity.name), [(package.identity, False)]) for package in merged]
        updates.append(Update(update_name('drivers'), drivers=[(driver.identity, 'contosonet.inf')]))
        core = Package(package_identity(CORE), 'Feature Pack', updates,
                       extra='<localizedStrings><string language="en-US" displayName="Nano core" description="" />'
                       '</localizedStrings>')
        media_set.packages.append(core)
        for name, edition in ((DATACENTER, 'Datacenter'), (STANDARD, 'Standard')):
            special = self.bundle(media_set, f'Contoso-Nano-{edition}-merged', [element_kinds.edition_value(edition)])
            media_set.packages.append(Package(package_identity(name), 'Product', [
                Update(update_name(name + 'core'), [(core.identity, False)]),
                Update(update_name(name + 'own'), [(special.identity, False)])]))
        return core

    @staticmethod
    def driver_component(name):
        """Its payload goes to two places, as a driver's does; its registry is written in raw types."""
        made = Component(Identity(f'dual_{name}.inf', VERSION, type='dualModeDriver', scope='nonSxS'))
        store = rf'$(runtime.system32)\DriverStore\FileRepository\{name}.inf_amd64_0123456789abcdef'
        library = build_pe(name + '.sys', {'ntoskrnl.exe': ['ContosoQuery']}, subsystem=NATIVE)
        made.add_file(name + '.sys', library, store, [rf'$(runtime.drivers)\{name}.sys'])
        made.add_file(name + '.inf', b'[Version]\r\nSignature="$Windows NT$"\r\n', store, [rf'$(runtime.inf)\{name}.inf'])
        database = r'HKEY_LOCAL_MACHINE\SYSTEM\DriverDatabase\DriverPackages' + rf'\{name}.inf_amd64_0123456789abcdef'
        made.key(database, ('', 'REG_SZ', name + '.inf'), ('Version', 'REG_BINARY', bytes(24)),
                 ('SignerScore', 'REG_DWORD', 0x0D000003))
        made.key(database + r'\Properties\{a8b865dd-2e3d-4094-ad97-e593a70c75d6}' + r'\0004', ('', 'FFFF0012', b'C\0\0\0'))
        return made

    # Packages of roles, features, updates.

    def role_parents(self):
        """Any one of them; only the first can be there."""
        return [Parent([package_identity(name, '10.0.0.0')], {'build': 'GE'}, integrate='delegate')
                for name in (CORE, 'Microsoft-Windows-Client-Features-Package', 'Microsoft-Windows-Server-Features-Package')]

    def role_components(self, role, count):
        made = []
        for number in range(count):
            name = f'{role.lower().replace("-", "")}{number}'
            component = Component(identity(f'Contoso-Role-{role}-{number}'))
            imports = {'kernel32.dll': ['CreateFileW'], 'api-ms-win-core-synch-l1-2-0.dll': ['Sleep']}
            if number:
                imports[made[0].files[0].name] = ['Start']
            component.add_file(name + '.dll', build_pe(name + '.dll', imports, {'Start': '', 'ServiceMain': ''}))
            component.resources_of_any_language()
            made.append(component)
        add_service_host(made[0], f'{role}Svc', 'netsvcs', made[0].files[0].name, start='demand', dependOnService='RpcSs')
        return made

    def add_role(self, role, count):
        name = f'Microsoft-NanoServer-{role}'
        media_set = self.new_set(name + '-Package')
        components = self.role_components(role, count)
        if role in ('Host', 'OEM-Drivers'):
            add_driver(components[1], role.lower().replace('-', '') + 'drv', 'NDIS', 'demand')
        package = self.bundle(media_set, name, components, parents=self.role_parents())
        for language in LANGUAGES:
            self.language_pack(package, components, language, self.new_set(name + '-Package', language))

    def add_shielded_vm(self):
        """For one edition only: its parent is that edition."""
        components = self.role_components('ShieldedVM', 2)
        self.bundle(self.new_set('Microsoft-NanoServer-ShieldedVM-Package'), 'Microsoft-NanoServer-ShieldedVM', components,
                    parents=[Parent([package_identity(DATACENTER)], {'build': 'GE'})])

    def add_compute(self):
        """A tree of features, as Hyper-V's: the root is off by default, its parts follow it."""
        media_set = self.new_set('Microsoft-NanoServer-Compute-Package')
        parts = {name: self.role_components(name, 2) for name in ('Hypervisor', 'Management', 'Tools', 'Base')}
        pinned = {name: deployment(identity(f'Contoso-Compute-{name}-Deployment'), made) for name, made in parts.items()}
        for name, made in parts.items():
            media_set.components += [*made, pinned[name]]
        root = 'Contoso-Hypervisor-All'
        updates = [
            Update(root, is_selectable=True, display_name='Hypervisor'),
            Update('Contoso-Hypervisor', components=[pinned['Hypervisor'].identity], is_selectable=True, is_default=True,
                   needs=[root]),
            Update('Contoso-Hypervisor-Management', components=[pinned['Management'].identity], is_selectable=True,
                   is_default=True, needs=['Contoso-Hypervisor']),
            Update('Contoso-Hypervisor-Tools', components=[pinned['Tools'].identity], is_selectable=True, needs=[root]),
            Update('Contoso-Hypervisor-BASE', components=[pinned['Base'].identity], needs=[root]),
            Update(update_name('compute'), extra='<customInformation><ServerComponent UniqueName="Hypervisor" Type="Role" '
                   'Id="20" /></customInformation>')]
        media_set.packages.append(Package(package_identity('Microsoft-NanoServer-Compute-Package'), 'Feature Pack', updates,
                                          self.role_parents()))

    def add_on_demand(self):
        """A capability in one cabinet: the package of the outside, two inside, one of them for another Windows."""
        name = 'Contoso-SecureShell-Server'
        media_set = self.new_set(name + '-Package')
        inner = self.bundle(media_set, name + '-Common', self.role_components('SecureShell', 2))
        absent = self.bundle(media_set, name + '-Desktop', self.role_components('SecureShellDesktop', 1),
                             parents=[Parent([package_identity('Microsoft-Windows-Client-Desktop-Package')])])
        extra = ('<declareCapability><capability><capabilityIdentity name="Contoso.SecureShell.Server" version="1.0" />'
                 '</capability><dependency><capabilityIdentity name="Contoso.Base" version="1.0" /></dependency>'
                 '</declareCapability><packageExtended packageSize="868521" /><customInformation><phoneInformation '
                 'phoneRelease="Production" /></customInformation>')
        media_set.packages.append(Package(
            package_identity(name + '-Package'), 'OnDemand Pack',
            [Update('inside', [(inner.identity, True), (absent.identity, True)])], self.role_parents(),
            ' applicabilityEvaluation="deep" permanence="permanent"', extra))

    def add_update(self):
        """Newer versions of two components, of which one is pinned, one comes where its family is."""
        media_set = self.new_set('Package_for_KB5000001')
        newer = []
        for name in ('Mincore', 'Winsock'):
            component = Component(identity('Contoso-Windows-' + name, UPDATED))
            for file in self.core[name].files:
                component.add_file(file.name, file.data.ljust(len(file.data) + 512, b'\0'))
            newer.append(component)
        pinned = deployment(identity('Package_for_KB5000001-Deployment', UPDATED), newer[:1])
        media_set.components += [*newer, pinned]
        stack = Identity('Microsoft-Windows-ServicingStack', '6.0.0.0', scope='nonSxS')
        media_set.packages.append(Package(
            package_identity('Package_for_KB5000001', '20348.169.1.1'), 'Security Update',
            [Update('5000001-1_neutral', components=[pinned.identity]),
             Update('5000001-2_neutral', components=[newer[1].identity],
                    raises=[('revision', newer[1].identity)])],
            [Parent([package_identity(CORE)], {'build': 'EQ', 'revision': 'GE'})], ' restart="possible"',
            stack.xml('installerAssembly')))

    # Updates, which media do not hold: a servicing stack, and what is cumulative and needs it.

    def newer(self, old, version):
        made = Component(identity(old.identity.name, version))
        for file in old.files:
            made.add_file(file.name, file.data.ljust(len(file.data) + 1024, b'\0'))
        return made

    def stack_update(self):
        stack = Component(Identity('Microsoft-Windows-ServicingStack', STACK, scope='nonSxS'))
        stack.add_file('cbscore.dll', build_pe('cbscore.dll', {}, {'CbsCoreInitialize': ''}),
                       r'$(runtime.windows)\servicing')
        package = Package(package_identity('Package_for_ServicingStack_180', '20348.180.1.0'), 'Update',
                          [Update('5000003-1_neutral', components=[stack.identity])],
                          [Parent([package_identity(CORE)], {'build': 'EQ', 'revision': 'GE'})], ' permanence="permanent"')
        return MediaSet('servicing-stack', packages=[package], components=[stack])

    def cumulative_update(self):
        """One package inside for the core, one for a role, which applies only where the role is."""
        known = {component.identity.name: component for media_set in self.sets for component in media_set.components}
        made = MediaSet('cumulative')
        inner = []
        for number, (parent, names) in enumerate(((CORE, ['Contoso-Windows-Mincore', 'Contoso-Windows-Winsock']),
                                                  ('Microsoft-NanoServer-DNS-Package', ['Contoso-Role-DNS-0'])), start=1):
            newer = [self.newer(known[name], CUMULATIVE) for name in names]
            made.components += newer
            updates = [Update(f'5000002-{number}{part}_neutral', components=[component.identity],
                              raises=[('revision', component.identity)]) for part, component in enumerate(newer)]
            inner.append(Package(package_identity(f'Package_{number}_for_KB5000002', '20348.200.1.2'), 'Security Update', updates,
                                 [Parent([package_identity(parent)], {'build': 'EQ', 'revision': 'GE'})]))
        stack = Identity('Microsoft-Windows-ServicingStack', STACK, scope='nonSxS')
        made.packages = [*inner, Package(
            package_identity('Package_for_RollupFix', '20348.200.1.2'), 'Security Update',
            [Update(f'{package.identity.name}', [(package.identity, False)]) for package in inner],
            [Parent([package_identity(CORE)], {'build': 'EQ', 'revision': 'GE'})], ' restart="required"',
            stack.xml('installerAssembly'))]
        return made

    def build_updates(self):
        return [self.stack_update(), self.cumulative_update()]

    # Numbers: areas of components like one another.

    def bulk_library(self, component, area, number):
        name = f'area{area:04}m{number:02}.dll'
        imports = {'api-ms-win-core-file-l1-2-0.dll': ['CreateFileW'], 'kernel32.dll': ['ExitProcess']}
        for needed in self.random.sample(self.bulk, min(len(self.bulk), self.random.randrange(3))):
            imports[needed] = ['Work']
        padding = self.random.randbytes(self.random.randrange(64, 2048))
        component.add_file(name, build_pe(name, imports, {'Work': '', 'ServiceMain': ''}, padding=padding))
        self.bulk.append(name)
        return name

    def bulk_component(self, area, number, previous):
        words = 'Network Storage Shell Security Media Device Font Print Search Update Directory Language'.split()
        name = f'Contoso-Windows-{self.random.choice(words)}-{self.random.choice(words)}-Area{area:04}-Part{number:02}'
        made = Component(identity(name))
        if self.random.random() < 0.7:
            library = self.bulk_library(made, area, number)
            if self.random.random() < 0.1:
                add_service_host(made, f'Area{area:04}Svc{number:02}', 'netsvcs', library, start='demand')
        for row in range(self.random.randrange(1, 4)):
            made.key(rf'HKEY_LOCAL_MACHINE\SOFTWARE\Contoso\Area{area:04}\Part{number:02}\{row}',
                     ('Name', 'REG_SZ', f'{name} {row}'), ('Number', 'REG_DWORD', self.random.getrandbits(32)),
                     ('Path', 'REG_EXPAND_SZ', rf'%SystemRoot%\System32\area{area:04}'), sddl='WRP_REGKEY_DEFAULT_SDDL')
        if previous and self.random.random() < 0.5:
            made.depends(self.random.choice(previous), self.random.choice(['install', '']))
        if self.random.random() < 0.2:
            made.depends(self.core['Minkernel'], 'prerequisite')
        if self.random.random() < 0.15:
            made.directory(rf'$(runtime.programData)\Contoso\Area{area:04}\Part{number:02}')
        return made

    def bulk_siblings(self, component, area, number):
        """32-bit and managed ones of the same name."""
        made = []
        chance = self.random.random()
        if chance < 0.15:
            sibling = Component(Identity(component.identity.name, VERSION, 'wow64', scope='nonSxS'))
            name = f'area{area:04}w{number:02}.dll'
            sibling.add_file(name, build_pe(name, None, {'Work': ''}, 'wow64'))
            sibling.key(rf'HKEY_LOCAL_MACHINE\SOFTWARE\Contoso\Area{area:04}\Wow{number:02}', ('Name', 'REG_SZ', name))
            made.append(sibling)
        elif chance < 0.22:
            sibling = Component(Identity(f'Contoso.Area{area:04}.Part{number:02}', '4.0.0.0', 'msil'))
            name = f'Contoso.Area{area:04}.Part{number:02}.dll'
            sibling.add_file(name, build_pe(name, None, {'_CorDllMain': ''}, 'msil'), '', sddl='')
            made.append(sibling)
        return made

    def add_area(self, area, media_set, by_language):
        made, own = [], []
        for number in range(AREA_COMPONENTS - 4):
            component = self.bulk_component(area, number, own)
            own.append(component)
            made += [component, *self.bulk_siblings(component, area, number)]
        spoken = own[0]
        spoken.resources_of_any_language()
        package = self.bundle(media_set, f'Contoso-Windows-Area{area:04}', made)
        for language in LANGUAGES:
            self.language_pack(package, [spoken], language, by_language[language])
        return package

    def add_bulk(self, core):
        """Areas until there are as many manifests of components as were asked for; every second one is the edition's."""
        area = 0
        extra = Package(package_identity('Contoso-Nano-Extra-Package'), 'Feature Pack', [], self.role_parents())
        while (missing := self.count - self.made_components()) > AREA_COMPONENTS:
            number = len(self.sets)
            media_set = self.new_set(f'Contoso-Windows-Areas-{number:03}')
            by_language = {language: self.new_set(f'Contoso-Windows-Areas-{number:03}', language) for language in LANGUAGES}
            start = self.made_components()
            while self.made_components() - start < min(missing - AREA_COMPONENTS, SET_COMPONENTS):
                package = self.add_area(area, media_set, by_language)
                owner = core if area % 2 == 0 else extra
                owner.updates.append(Update(update_name(package.identity.name), [(package.identity, False)]))
                area += 1
        if area > 1:
            self.new_set('Contoso-Nano-Extra-Package').packages.append(extra)

    def build(self):
        core = self.add_core()
        for role, count in ROLES.items():
            self.add_role(role, count)
        self.add_shielded_vm()
        self.add_compute()
        self.add_on_demand()
        self.add_update()
        self.add_bulk(core)
        return self.sets
