"""What should close of the media (servicing.md 6), computed from what was made, never from what was written: an account of
its own, to hold against `winnow doctor MEDIA --package NAME --json`."""

import hashlib
from dataclasses import dataclass, field

REVISION, BUILD = 3, 2
PARTS = ('distribution', 'service', 'build', 'revision')


@dataclass
class Closure:
    packages: list = field(default_factory=list)
    components: list = field(default_factory=list)
    losers: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    inapplicable: list = field(default_factory=list)
    dropped: list = field(default_factory=list)
    features: dict = field(default_factory=dict)


def is_accepted(parent, wanted, present):
    same = ((wanted.name, wanted.architecture, wanted.language, wanted.token) ==
            (present.name, present.architecture, present.language, present.token))
    asked, there = wanted.numbers, present.numbers
    if not same or not parent.compare:
        return same and asked[:BUILD + 1] == there[:BUILD + 1]
    for part, asked_number, number in zip(PARTS, asked, there):
        word = parent.compare.get(part)
        if word is None:
            continue
        if word == 'GE' and number > asked_number:
            return True
        if number < asked_number or word == 'EQ' and number != asked_number:
            return False
    return True


class Closer:
    def __init__(self, sets, languages=(), features=()):
        self.packages = {package.identity: package for media_set in sets for package in media_set.packages}
        self.components = {component.identity: component for media_set in sets for component in media_set.components}
        self.satellites = {}
        for identity in self.components:
            key = identity.name, identity.version, identity.architecture
            self.satellites.setdefault(key, []).append(identity)
        self.languages = set(languages)
        self.asked = set(features)

    def is_on(self, package, update):
        if update.raises:
            return False
        if update.needs and not all(self.is_on(package, other) for other in package.updates if other.name in update.needs):
            return False
        return not update.is_selectable or update.name in self.asked or update.is_default

    def reached(self, package):
        """Identities of packages that it brings, with whether they may be left out."""
        for update in package.updates:
            if self.is_on(package, update):
                yield from update.packages
        if package.identity.is_neutral():
            for language in self.languages:
                twin = package.identity.with_language(language)
                if twin in self.packages:
                    yield twin, False

    def close_packages(self, names, result):
        chosen, waiting, by_name = {}, {}, {}
        for name in names:
            identity = next(identity for identity in self.packages if identity.name == name and identity.is_neutral())
            waiting[identity] = False
        grew = True
        while grew:
            grew = False
            for identity, contained in list(waiting.items()):
                package = self.packages.get(identity)
                if package is None:
                    continue
                if package.parents and not any(is_accepted(parent, wanted, present) for parent in package.parents
                                               for wanted in parent.identities for present in by_name.get(wanted.name, [])):
                    continue
                del waiting[identity]
                chosen[identity] = package
                by_name.setdefault(identity.name, []).append(identity)
                grew = True
                for other, is_contained in self.reached(package):
                    if other not in chosen:
                        waiting[other] = is_contained
        result.packages = sorted(identity.package_id for identity in chosen)
        result.inapplicable = sorted(identity.package_id for identity in waiting if identity in self.packages)
        result.missing += [identity.text() for identity, contained in waiting.items()
                           if identity not in self.packages and not contained]
        for package in chosen.values():
            result.features.update((update.name, self.is_on(package, update)) for update in package.updates
                                   if update.is_selectable)
        return chosen.values()

    def targets(self, identity, is_resources):
        if not is_resources and identity.language != '*':
            return [identity]
        found = self.satellites.get((identity.name, identity.version, identity.architecture), [])
        return [other for other in found if other.language in self.languages]

    def close_components(self, roots, dropped):
        members, missing, queue = set(), set(), list(roots)
        while queue:
            identity = queue.pop()
            if identity in members or identity in dropped:
                continue
            if identity not in self.components:
                missing.add(identity)
                continue
            members.add(identity)
            for edge in self.components[identity].edges:
                if not edge.is_prerequisite:
                    queue += self.targets(edge.identity, edge.is_resources)
        return members, missing

    def close(self, names):
        result = Closure()
        roots = []
        for package in self.close_packages(names, result):
            for update in package.updates:
                if self.is_on(package, update):
                    roots += update.components + [identity for identity, _ in update.drivers]
        dropped, falling = set(), {None}
        while falling:
            members, missing = self.close_components(roots, dropped)
            falling = {identity for identity in members for edge in self.components[identity].edges
                       if edge.is_prerequisite and not edge.is_resources and edge.identity not in members}
            dropped |= falling
        result.missing += [identity.text() for identity in missing]
        result.missing.sort()
        result.dropped = sorted(identity.key_form for identity in dropped)
        self.settle(members, result)
        return result

    @staticmethod
    def settle(members, result):
        families = {}
        for identity in members:
            key = identity.family_key if identity.scope == 'nonSxS' else identity.key_form
            families.setdefault(key, []).append(identity)
        for family in families.values():
            family.sort(key=lambda identity: identity.numbers)
            result.components.append(family[-1].key_form)
            result.losers += [identity.key_form for identity in family[:-1]]
        result.components.sort()
        result.losers.sort()


def projected_files(sets, forms):
    """Path on the image to [SHA-256, bytes], of the components with these key forms."""
    wanted = set(forms)
    files = {}
    for media_set in sets:
        for component in media_set.components:
            if component.identity.key_form not in wanted:
                continue
            for file in component.files:
                for place in file.places:
                    files[place] = [hashlib.sha256(file.data).hexdigest(), len(file.data)]
    return dict(sorted(files.items()))


def written_values(sets, forms):
    """What <registryValue> of these components say, as [key, name, type, data in hex, "" or append], in no order of theirs."""
    wanted = set(forms)
    return sorted([list(row) for media_set in sets for component in media_set.components
                   if component.identity.key_form in wanted for row in component.values],
                  key=lambda row: (row[0], row[1] or '', row[3]))
