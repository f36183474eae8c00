"""A package (.mum, servicing.md 3): parents, updates, what else it says."""

from dataclasses import dataclass, field

from windows_media.component import attribute
from windows_media.identity import Identity


@dataclass
class Parent:
    identities: list
    compare: dict = field(default_factory=dict)  # build, revision … to EQ, GE …
    disposition: str = 'detect'
    integrate: str = ''

    def xml(self):
        text = ''.join(f' {part}Compare="{word}"' for part, word in self.compare.items())
        text += f' disposition="{self.disposition}"' if self.disposition else ''
        text += f' integrate="{self.integrate}"' if self.integrate else ''
        return f'<parent{text}>' + ''.join(identity.xml() for identity in self.identities) + '</parent>'


@dataclass
class Update:
    name: str
    packages: list = field(default_factory=list)  # (identity, is contained)
    components: list = field(default_factory=list)  # identities
    drivers: list = field(default_factory=list)  # (identity, INF)
    is_selectable: bool = False
    is_default: bool = False
    needs: list = field(default_factory=list)  # detectUpdate
    raises: list = field(default_factory=list)  # updateComponent: (elevate, identity)
    display_name: str = ''
    extra: str = ''

    def condition(self):
        if not self.needs and not self.raises:
            return ''
        text = ''.join(f'<detectUpdate><update name="{name}" /></detectUpdate>' for name in self.needs)
        text += ''.join(f'<updateComponent elevate="{part}">{identity.xml()}</updateComponent>'
                        for part, identity in self.raises)
        return f'<applicable disposition="{"staged" if self.raises else "detect"}">{text}</applicable>'

    def xml(self):
        lines = [f'<update name="{attribute(self.name)}"' +
                 (f' displayName="{attribute(self.display_name)}"' if self.display_name else '') + '>']
        if self.is_selectable:
            lines.append('<selectable disposition="staged"><detectNone default="'
                         f'{"true" if self.is_default else "false"}" /></selectable>')
        lines.append(self.condition())
        lines += [f'<package contained="{"true" if contained else "false"}" integrate="hidden">\n{identity.xml()}\n</package>'
                  for identity, contained in self.packages]
        lines += [f'<component>\n{identity.xml()}\n</component>' for identity in self.components]
        lines += [f'<driver inf="{inf}" ranking="normal">\n{identity.xml()}\n</driver>' for identity, inf in self.drivers]
        lines += [self.extra, '</update>']
        return '\n'.join(line for line in lines if line)


@dataclass
class Package:
    identity: Identity
    release_type: str
    updates: list = field(default_factory=list)
    parents: list = field(default_factory=list)
    attributes: str = ''  # of <package>, besides its identifier and type
    extra: str = ''  # elements of <package>

    def xml(self):
        lines = ['<?xml version="1.0" encoding="utf-8" standalone="yes"?>',
                 '<assembly xmlns="urn:schemas-microsoft-com:asm.v3" manifestVersion="1.0"'
                 ' copyright="made by winnow\'s tools/dev/make_media.py">', self.identity.xml(),
                 f'<package identifier="{self.identity.name.removesuffix("-Package")}" releaseType="{self.release_type}"'
                 f'{self.attributes}>',
                 self.extra, *(parent.xml() for parent in self.parents), *(update.xml() for update in self.updates),
                 '</package>', '</assembly>', '']
        return '\n'.join(line for line in lines if line).encode() + b'\n'
