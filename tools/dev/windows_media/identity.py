"""What names packages and components of Windows servicing, and the names its store makes of that (servicing.md 5).

Written from the description alone, without a look at composer/manifest/assembly_identity.cpp: each judges the other.
"""

import functools
from dataclasses import dataclass, replace

TOKEN = '77696e6e6f77feed'  # of nobody
MASK32 = (1 << 32) - 1
MASK64 = (1 << 64) - 1
FACTOR = 0x1FFFFFFF7
NAME_LIMIT = 40
LANGUAGE_LIMIT = 8


@functools.lru_cache(maxsize=1 << 16)
def text_hash(text):
    lanes = [0, 0, 0, 0]
    for place, byte in enumerate(text.lower().encode()):
        lanes[place & 3] = (lanes[place & 3] * 65599 + byte) & MASK32
    return (lanes[0] * FACTOR**3 + lanes[1] * FACTOR**2 + lanes[2] * FACTOR + lanes[3]) & MASK64


@dataclass(frozen=True, order=True)
class Identity:
    name: str
    version: str
    architecture: str = 'amd64'
    language: str = 'neutral'
    token: str = TOKEN
    type: str = ''
    scope: str = ''  # nonSxS

    def xml(self, element='assemblyIdentity'):
        extra = (f' type="{self.type}"' if self.type else '') + (f' versionScope="{self.scope}"' if self.scope else '')
        return (f'<{element} name="{self.name}" version="{self.version}" processorArchitecture="{self.architecture}" '
                f'language="{self.language}" buildType="release" publicKeyToken="{self.token}"{extra} />')

    def with_language(self, language):
        return replace(self, language=language)

    @functools.cached_property
    def numbers(self):
        return tuple(map(int, self.version.split('.')))

    def __hash__(self):
        return hash((self.name, self.version, self.architecture, self.language))

    def text(self):
        """As winnow's messages have it."""
        return ' '.join([self.name, self.version, self.architecture] + ([] if self.is_neutral() else [self.language]))

    def is_neutral(self):
        return self.language.lower() == 'neutral'

    @functools.cached_property
    def package_id(self):
        return '~'.join([self.name, self.token, self.architecture, '' if self.is_neutral() else self.language, self.version])

    def pseudo_key(self, has_version=True):
        attributes = (('name', self.name), ('culture', '' if self.is_neutral() else self.language), ('type', self.type),
                      ('version', self.version if has_version else ''), ('publicKeyToken', self.token),
                      ('processorArchitecture', '' if self.architecture == 'neutral' else self.architecture),
                      ('versionScope', self.scope))
        key = 0
        for attribute, value in attributes:
            if value:
                key = (text_hash(value) + FACTOR * text_hash(attribute) + FACTOR * key) & MASK64
        return f'{key:016x}'

    def stored_name(self):
        name = self.name.replace(' ', '').replace('(', '').replace(')', '')
        return name if len(name) <= NAME_LIMIT else f'{name[:19]}..{name[-19:]}'

    def stored_language(self):
        if self.is_neutral():
            return 'none'
        return self.language if len(self.language) <= LANGUAGE_LIMIT else f'{self.language[:3]}..{self.language[-3:]}'

    @functools.cached_property
    def key_form(self):
        parts = (self.architecture, self.stored_name(), self.token, self.version, self.stored_language(), self.pseudo_key())
        return '_'.join(parts).lower()

    @functools.cached_property
    def family_key(self):
        parts = (self.architecture, self.stored_name(), self.token, self.stored_language(), self.pseudo_key(False))
        return '_'.join(parts).lower()
